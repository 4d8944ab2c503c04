// Clicks that are counted by other nouns than the partner: the customer whose own code it was, and the campaign.
export const customerClicks = [
  `create table customer_clicks (customer_id text primary key, clicks bigint not null)`,
  `create table campaign_day (
    program_id text not null, day text not null, campaign text not null, clicks bigint not null,
    primary key (program_id, day, campaign))`,
]
