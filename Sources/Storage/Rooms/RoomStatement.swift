enum RoomStatement: String, SQLStatement {
    case create = """
        INSERT INTO rooms (pattern_id, epoch, number, floor, snapshot_number, row_number) \
        VALUES ($1, $2, 0, 0, 0, 0) ON CONFLICT (pattern_id) DO NOTHING
        """
    case head = """
        SELECT epoch, number, floor, snapshot_number, row_number FROM rooms WHERE pattern_id = $1
        """
    case stale = """
        SELECT pattern_id FROM rooms WHERE row_number < number AND pattern_id > $1 \
        ORDER BY pattern_id LIMIT $2
        """
    case advance = """
        UPDATE rooms SET number = $1, floor = COALESCE($2, floor), \
        snapshot_number = COALESCE($3, snapshot_number), row_number = COALESCE($4, row_number) \
        WHERE pattern_id = $5 AND epoch = $6 AND number = $7
        """
    case showRow = """
        UPDATE rooms SET row_number = $1 WHERE pattern_id = $2 AND epoch = $3 AND row_number <= $1
        """
    case snapshot = "SELECT state FROM room_snapshots WHERE pattern_id = $1"
    case writeSnapshot = """
        INSERT INTO room_snapshots (pattern_id, state) VALUES ($1, $2) \
        ON CONFLICT (pattern_id) DO UPDATE SET state = excluded.state
        """
    case appendLog = """
        INSERT INTO room_log (pattern_id, last_number, first_number, committed_ms, edits) \
        VALUES ($1, $2, $3, $4, $5)
        """
    case log = """
        SELECT first_number, last_number, committed_ms, edits FROM room_log \
        WHERE pattern_id = $1 AND last_number > $2 ORDER BY last_number LIMIT $3
        """
    case deleteLog = """
        DELETE FROM room_log WHERE pattern_id = $1 AND last_number IN \
        (SELECT l.last_number FROM room_log l JOIN rooms r ON r.pattern_id = l.pattern_id \
        WHERE l.pattern_id = $1 AND l.last_number <= r.floor ORDER BY l.last_number LIMIT $2)
        """
    case replicas = """
        SELECT replica, user_id, last_seq, last_stamp, created_ms, used_ms FROM room_replicas \
        WHERE pattern_id = $1 ORDER BY replica
        """
    case writeReplica = """
        INSERT INTO room_replicas (pattern_id, replica, user_id, last_seq, last_stamp, \
        created_ms, used_ms) VALUES ($1, $2, $3, $4, $5, $6, $7) \
        ON CONFLICT (pattern_id, replica) DO UPDATE SET last_seq = excluded.last_seq, \
        last_stamp = excluded.last_stamp, used_ms = excluded.used_ms \
        WHERE room_replicas.user_id = excluded.user_id \
        AND room_replicas.last_seq <= excluded.last_seq
        """
    case verdicts = """
        SELECT replica, seq, verdict FROM room_verdicts WHERE pattern_id = $1 \
        ORDER BY replica, seq
        """
    case writeVerdict = """
        INSERT INTO room_verdicts (pattern_id, replica, seq, verdict) VALUES ($1, $2, $3, $4)
        """
    case confirmVerdicts = """
        DELETE FROM room_verdicts WHERE pattern_id = $1 AND replica = $2 AND seq <= $3
        """
}
