enum ThrottleStatement: String, SQLStatement {
    case find = "SELECT failures, last_failure_at FROM throttles WHERE subject_sha256 = $1"
    case note = """
        INSERT INTO throttles (subject_sha256, failures, last_failure_at) VALUES ($1, $2, $3) \
        ON CONFLICT (subject_sha256) DO UPDATE SET failures = excluded.failures, \
        last_failure_at = excluded.last_failure_at
        """
    case forgive = "DELETE FROM throttles WHERE subject_sha256 = $1"
    case forgetOld = """
        DELETE FROM throttles WHERE subject_sha256 IN (SELECT subject_sha256 FROM throttles \
        WHERE last_failure_at < $1 ORDER BY last_failure_at LIMIT $2)
        """
}
