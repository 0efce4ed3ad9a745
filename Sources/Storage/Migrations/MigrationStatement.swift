enum MigrationStatement: String, SQLStatement {
    case latest = "SELECT MAX(number) FROM schema_migrations"
    case note = "INSERT INTO schema_migrations (number, name, applied_ms) VALUES ($1, $2, $3)"
}
