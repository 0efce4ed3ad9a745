extension Migration {
    /// Rooms: the resume log, snapshots, replicas and unconfirmed verdicts.
    ///
    /// Snapshots have a table of their own because each commit rewrites its room's `rooms` row,
    /// which must therefore stay small. A replica outlives its user's account (it is never given
    /// twice), so its `user_id` refers to nothing.
    static let rooms = Migration(
        number: 3, name: "rooms",
        script: """
            CREATE TABLE rooms (
                pattern_id BLOB NOT NULL PRIMARY KEY REFERENCES patterns (id) ON DELETE CASCADE,
                epoch INTEGER NOT NULL,
                number INTEGER NOT NULL,
                floor INTEGER NOT NULL,
                snapshot_number INTEGER NOT NULL,
                row_number INTEGER NOT NULL CHECK (row_number BETWEEN 0 AND number),
                CONSTRAINT floor_under_snapshot_under_head
                    CHECK (0 <= floor AND floor <= snapshot_number AND snapshot_number <= number)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE room_snapshots (
                pattern_id BLOB NOT NULL PRIMARY KEY
                    REFERENCES rooms (pattern_id) ON DELETE CASCADE,
                state BLOB NOT NULL
            ) STRICT;

            CREATE TABLE room_log (
                pattern_id BLOB NOT NULL REFERENCES rooms (pattern_id) ON DELETE CASCADE,
                last_number INTEGER NOT NULL,
                first_number INTEGER NOT NULL CHECK (first_number BETWEEN 1 AND last_number),
                committed_ms INTEGER NOT NULL,
                edits BLOB NOT NULL CHECK (length(edits) > 0),
                PRIMARY KEY (pattern_id, last_number)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE room_replicas (
                pattern_id BLOB NOT NULL REFERENCES rooms (pattern_id) ON DELETE CASCADE,
                replica INTEGER NOT NULL,
                user_id BLOB NOT NULL CHECK (length(user_id) = 16),
                last_seq INTEGER NOT NULL CHECK (last_seq >= 0),
                last_stamp INTEGER NOT NULL,
                created_ms INTEGER NOT NULL,
                used_ms INTEGER NOT NULL,
                PRIMARY KEY (pattern_id, replica)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE room_verdicts (
                pattern_id BLOB NOT NULL REFERENCES rooms (pattern_id) ON DELETE CASCADE,
                replica INTEGER NOT NULL,
                seq INTEGER NOT NULL CHECK (seq >= 1),
                verdict BLOB NOT NULL,
                PRIMARY KEY (pattern_id, replica, seq)
            ) STRICT, WITHOUT ROWID;
            """)
}
