extension Migration {
    /// What people do with patterns and with each other.
    ///
    /// A deleted comment stays as an empty place, so that its replies have one. Activities outlive
    /// what they tell of for as long as they are kept (`Protocol/schema.md#activities`), so their
    /// `pattern_id` and `target_user_id` refer to nothing; `number` is the order of commits, which
    /// a clock is not.
    static let social = Migration(
        number: 5, name: "social",
        script: """
            CREATE TABLE likes (
                id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                pattern_id BLOB NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
                created_at INTEGER NOT NULL,
                CONSTRAINT unique_user_pattern_like UNIQUE (user_id, pattern_id)
            ) STRICT;
            CREATE INDEX idx_likes_user_id ON likes (user_id, created_at, id);
            CREATE INDEX idx_likes_pattern_id ON likes (pattern_id, created_at, id);
            CREATE INDEX idx_likes_created_at ON likes (created_at);

            CREATE TABLE comments (
                id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                pattern_id BLOB NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
                text TEXT NOT NULL,
                parent_comment_id BLOB REFERENCES comments (id) ON DELETE CASCADE,
                is_edited INTEGER NOT NULL DEFAULT 0 CHECK (is_edited IN (0, 1)),
                created_at INTEGER NOT NULL,
                updated_at INTEGER NOT NULL,
                deleted_at INTEGER,
                CONSTRAINT valid_comment_length CHECK (
                    CASE WHEN deleted_at IS NULL THEN length(text) BETWEEN 1 AND 5000
                    ELSE text = '' END)
            ) STRICT;
            CREATE INDEX idx_comments_user_id ON comments (user_id, created_at, id);
            CREATE INDEX idx_comments_pattern_id
                ON comments (pattern_id, parent_comment_id, created_at, id);
            CREATE INDEX idx_comments_parent_comment_id
                ON comments (parent_comment_id, created_at, id);
            CREATE INDEX idx_comments_created_at ON comments (created_at);

            CREATE TABLE follows (
                id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                follower_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                following_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                created_at INTEGER NOT NULL,
                CONSTRAINT unique_follower_following UNIQUE (follower_id, following_id),
                CONSTRAINT no_self_follow CHECK (follower_id != following_id)
            ) STRICT;
            CREATE INDEX idx_follows_follower_id ON follows (follower_id, created_at, id);
            CREATE INDEX idx_follows_following_id ON follows (following_id, created_at, id);
            CREATE INDEX idx_follows_created_at ON follows (created_at);

            CREATE TABLE blocks (
                blocker_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                blocked_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                created_at INTEGER NOT NULL,
                PRIMARY KEY (blocker_id, blocked_id),
                CONSTRAINT no_self_block CHECK (blocker_id != blocked_id)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX idx_blocks_blocked_id ON blocks (blocked_id, blocker_id);

            CREATE TABLE collaborators (
                pattern_id BLOB NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
                user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                role TEXT NOT NULL CHECK (role IN ('viewer', 'editor')),
                invited_by BLOB REFERENCES users (id) ON DELETE SET NULL,
                created_at INTEGER NOT NULL,
                accepted_at INTEGER,
                PRIMARY KEY (pattern_id, user_id)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX idx_collaborators_user_id ON collaborators (user_id, created_at);

            CREATE TABLE share_links (
                id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                pattern_id BLOB NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
                secret_sha256 BLOB NOT NULL UNIQUE CHECK (length(secret_sha256) = 32),
                role TEXT NOT NULL CHECK (role IN ('viewer', 'editor')),
                created_by BLOB REFERENCES users (id) ON DELETE SET NULL,
                created_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX idx_share_links_pattern_id ON share_links (pattern_id, created_at);
            CREATE INDEX idx_share_links_expires_at ON share_links (expires_at);

            CREATE TABLE plays (
                pattern_id BLOB NOT NULL REFERENCES patterns (id) ON DELETE CASCADE,
                listener_sha256 BLOB NOT NULL CHECK (length(listener_sha256) = 32),
                played_at INTEGER NOT NULL,
                PRIMARY KEY (pattern_id, listener_sha256)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX idx_plays_played_at ON plays (played_at);

            CREATE TABLE activities (
                number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
                id BLOB NOT NULL UNIQUE CHECK (length(id) = 16),
                user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                activity_type TEXT NOT NULL CHECK (activity_type IN
                    ('pattern_created', 'pattern_published', 'pattern_forked', 'pattern_liked',
                    'user_followed', 'comment_created')),
                pattern_id BLOB CHECK (length(pattern_id) = 16),
                target_user_id BLOB CHECK (length(target_user_id) = 16),
                metadata TEXT CHECK (metadata IS NULL OR json_valid(metadata)),
                created_at INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX idx_activities_user_id ON activities (user_id, number);
            CREATE INDEX idx_activities_activity_type ON activities (activity_type, number);
            CREATE INDEX idx_activities_pattern_id ON activities (pattern_id, number);
            CREATE INDEX idx_activities_created_at ON activities (created_at);

            CREATE TABLE inbox_heads (
                user_id BLOB NOT NULL PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
                last_number INTEGER NOT NULL CHECK (last_number >= 0),
                floor INTEGER NOT NULL CHECK (floor BETWEEN 0 AND last_number),
                unread_count INTEGER NOT NULL CHECK (unread_count >= 0)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE inbox (
                user_id BLOB NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                number INTEGER NOT NULL CHECK (number >= 1),
                kind TEXT NOT NULL CHECK (kind IN ('like', 'comment', 'reply', 'mention', 'fork',
                    'follow', 'invitation', 'role', 'retraction')),
                actor_id BLOB CHECK (length(actor_id) = 16),
                pattern_id BLOB CHECK (length(pattern_id) = 16),
                comment_id BLOB CHECK (length(comment_id) = 16),
                retracts INTEGER CHECK (retracts BETWEEN 1 AND number - 1),
                metadata TEXT CHECK (metadata IS NULL OR json_valid(metadata)),
                created_at INTEGER NOT NULL,
                read_at INTEGER,
                retracted_at INTEGER,
                PRIMARY KEY (user_id, number),
                CONSTRAINT retraction_names_its_entry
                    CHECK ((kind = 'retraction') = (retracts IS NOT NULL))
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE analytics (
                id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
                metric_type TEXT NOT NULL CHECK (length(metric_type) BETWEEN 1 AND 50),
                metric_key TEXT NOT NULL CHECK (length(metric_key) BETWEEN 1 AND 100),
                metric_value INTEGER NOT NULL,
                time_period TEXT NOT NULL
                    CHECK (time_period IS date(time_period, '+0 days')),
                aggregation_level TEXT NOT NULL
                    CHECK (aggregation_level IN ('daily', 'weekly', 'monthly', 'yearly')),
                created_at INTEGER NOT NULL,
                CONSTRAINT unique_analytics_entry
                    UNIQUE (metric_type, metric_key, time_period, aggregation_level)
            ) STRICT;
            CREATE INDEX idx_analytics_time_period ON analytics (time_period);
            CREATE INDEX idx_analytics_aggregation_level
                ON analytics (aggregation_level, time_period);
            """)
}
