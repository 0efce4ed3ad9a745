enum FamiliarNetworkStatement: String, SQLStatement {
    case find = """
        SELECT last_used_at FROM familiar_networks WHERE user_id = $1 AND network_sha256 = $2
        """
    case note = """
        INSERT INTO familiar_networks (user_id, network_sha256, last_used_at) \
        VALUES ($1, $2, $3) ON CONFLICT (user_id, network_sha256) DO UPDATE \
        SET last_used_at = excluded.last_used_at
        """
    case forgetOldest = """
        DELETE FROM familiar_networks WHERE user_id = $1 AND network_sha256 IN \
        (SELECT network_sha256 FROM familiar_networks WHERE user_id = $2 \
        ORDER BY last_used_at DESC LIMIT 1000 OFFSET $3)
        """
}
