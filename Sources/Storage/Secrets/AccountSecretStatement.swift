enum AccountSecretStatement: String, SQLStatement {
    case insert = """
        INSERT INTO account_secrets (secret_sha256, user_id, purpose, email, created_at, \
        expires_at) VALUES ($1, $2, $3, $4, $5, $6)
        """
    case find = """
        SELECT secret_sha256, user_id, purpose, email, created_at, expires_at \
        FROM account_secrets WHERE secret_sha256 = $1
        """
    case delete = "DELETE FROM account_secrets WHERE secret_sha256 = $1"
    case deleteOfUser = "DELETE FROM account_secrets WHERE user_id = $1 AND purpose = $2"
    case deleteExpired = """
        DELETE FROM account_secrets WHERE secret_sha256 IN (SELECT secret_sha256 \
        FROM account_secrets WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2)
        """
}
