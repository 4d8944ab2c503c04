/** Two addresses that fold alike belong to one person as far as this server is concerned. */
export function foldEmail(email: string) {
  return email.trim().normalize('NFC').toLowerCase()
}
