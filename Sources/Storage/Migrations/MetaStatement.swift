enum MetaStatement: String, SQLStatement {
    case value = "SELECT value FROM meta WHERE key = $1"
    case setValue = """
        INSERT INTO meta (key, value) VALUES ($1, $2) \
        ON CONFLICT (key) DO UPDATE SET value = excluded.value
        """
    case countCommit = """
        UPDATE meta SET value = value + 1 WHERE key = 'commits' RETURNING value
        """
    case beginEpoch = "UPDATE rooms SET epoch = $1"
}
