enum PlayStatement: String, SQLStatement {
    case note = """
        INSERT INTO plays (pattern_id, listener_sha256, played_at) VALUES ($1, $2, $3) \
        ON CONFLICT (pattern_id, listener_sha256) DO UPDATE SET played_at = excluded.played_at \
        WHERE plays.played_at <= $4
        """
    case oldest = """
        SELECT pattern_id, listener_sha256 FROM plays WHERE played_at <= $1 \
        ORDER BY played_at LIMIT $2
        """
    case forget = "DELETE FROM plays WHERE pattern_id = $1 AND listener_sha256 = $2"
}
