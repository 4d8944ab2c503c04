/** Services whose mailboxes are thrown away: the best known ones. What is missing here is caught, if at all, by other signs. */
export const disposableDomains = new Set(
  `10minutemail.com 10minutemail.net 1secmail.com 1secmail.net 1secmail.org 20minutemail.com 33mail.com anonbox.net
  burnermail.io byom.de cock.lu crazymailing.com deadaddress.com discard.email discardmail.com discardmail.de dispostable.com
  dropmail.me emailfake.com emailondeck.com emailtemporanea.net fakeinbox.com fakemail.net fakemailgenerator.com filzmail.com
  getairmail.com getnada.com grr.la guerrillamail.biz guerrillamail.com guerrillamail.de guerrillamail.info
  guerrillamail.net guerrillamail.org guerrillamailblock.com harakirimail.com incognitomail.org inboxbear.com inboxkitten.com
  jetable.org linshiyouxiang.net luxusmail.org mail-temp.com mailcatch.com maildrop.cc mailexpire.com mailinator.com
  mailinator.net mailinator2.com mailnesia.com mailnull.com mailpoof.com mailsac.com mailtemp.net meltmail.com mintemail.com
  minuteinbox.com moakt.cc moakt.com mohmal.com mt2015.com mytemp.email mytrashmail.com nada.email nowmymail.com
  one-time.email pokemail.net sharklasers.com spam4.me spambog.com spambox.us spamdecoy.net spamex.com spamfree24.org
  spamgourmet.com spamherelots.com temp-mail.io temp-mail.org tempail.com tempinbox.com tempmail.com tempmail.dev tempmail.net
  tempmail.plus tempmailaddress.com tempmailo.com tempr.email throwam.com throwawaymail.com tmail.ws tmailor.com tmpmail.net
  tmpmail.org trash-mail.com trashmail.com trashmail.de trashmail.me trashmail.net trashmail.ws trbvm.com wegwerfemail.de
  wegwerfmail.de wegwerfmail.net wegwerfmail.org yopmail.com yopmail.fr yopmail.net zetmail.com`.split(/\s+/),
)
