extension Migration {
    /// What discovery reads: a narrow row for each pattern that is or was listed, in the order in
    /// which they were published, and its words.
    ///
    /// A pattern that is deleted for good leaves its row behind without a pattern, so that its
    /// words can be found and deleted: a virtual table takes no part in cascades, and numbers are
    /// never given twice. The bits of `instruments` are those of `SearchInstruments`.
    static let search = Migration(
        number: 10, name: "search",
        script: """
            CREATE TABLE pattern_search (
                number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
                pattern_id BLOB UNIQUE REFERENCES patterns (id) ON DELETE SET NULL,
                user_id BLOB NOT NULL CHECK (length(user_id) = 16),
                is_listed INTEGER NOT NULL CHECK (is_listed IN (0, 1)),
                flavor TEXT NOT NULL,
                bpm INTEGER NOT NULL,
                key_note INTEGER NOT NULL,
                instruments INTEGER NOT NULL,
                listed_at INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX idx_pattern_search_user_id ON pattern_search (user_id);

            CREATE VIRTUAL TABLE pattern_text USING fts5 (
                title, description, owner_name,
                tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3 4', columnsize = 0
            );

            INSERT INTO pattern_search (pattern_id, user_id, is_listed, flavor, bpm, key_note,
                instruments, listed_at)
            SELECT id, user_id, deleted_at IS NULL, flavor, bpm, key_note,
                (SELECT coalesce(sum(DISTINCT CASE value ->> 'id'
                    WHEN 'clave' THEN 1 WHEN 'cowbell' THEN 2 WHEN 'congas' THEN 4
                    WHEN 'piano' THEN 8 WHEN 'instructor' THEN 16 WHEN 'bass' THEN 32
                    WHEN 'timbales' THEN 64 WHEN 'guiro' THEN 128 WHEN 'bongos' THEN 256
                    WHEN 'maracas' THEN 512 WHEN 'guira' THEN 1024 WHEN 'tambora' THEN 2048
                    WHEN 'kickdrum' THEN 4096 ELSE 0 END), 0)
                FROM json_each(configuration, '$.instruments') WHERE value ->> 'enabled' = 1),
                coalesce(published_at, created_at)
            FROM patterns WHERE is_public ORDER BY coalesce(published_at, created_at), id;

            INSERT INTO pattern_text (rowid, title, description, owner_name)
            SELECT s.number, p.title, coalesce(p.description, ''), u.display_name
            FROM pattern_search s JOIN patterns p ON p.id = s.pattern_id
            JOIN users u ON u.id = p.user_id;
            """)
}
