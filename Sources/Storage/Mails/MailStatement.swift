enum MailStatement: String, SQLStatement {
    case insert = """
        INSERT INTO mails (id, recipient, subject, body, unsubscribe_url, attempts, \
        next_attempt_at, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """
    case findDue = """
        SELECT id, recipient, subject, body, unsubscribe_url, attempts, next_attempt_at, \
        created_at FROM mails WHERE next_attempt_at <= $1 ORDER BY next_attempt_at, id LIMIT $2
        """
    case nextAttempt = "SELECT MIN(next_attempt_at) FROM mails"
    case nth = "SELECT id FROM mails ORDER BY next_attempt_at, id LIMIT 1 OFFSET $1"
    case postpone = "UPDATE mails SET attempts = $1, next_attempt_at = $2 WHERE id = $3"
    case delete = "DELETE FROM mails WHERE id = $1"
}
