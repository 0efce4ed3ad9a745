enum NonceStatement: String, SQLStatement {
    case insert = """
        INSERT INTO used_nonces (nonce_sha256, expires_at) VALUES ($1, $2) \
        ON CONFLICT (nonce_sha256) DO NOTHING
        """
    case deleteExpired = """
        DELETE FROM used_nonces WHERE nonce_sha256 IN (SELECT nonce_sha256 FROM used_nonces \
        WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
        """
}
