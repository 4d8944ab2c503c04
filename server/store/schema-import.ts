/** What imports have made, by the names that it had elsewhere. */
export type ImportTables = {
  importedNames: {
    programId: string
    source: string
    kind: string
    foreignKey: string
    objectId: string
    fingerprint: string
    createdAt: string
  }
}
