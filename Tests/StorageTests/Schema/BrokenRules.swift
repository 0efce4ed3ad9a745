/// What breaks each rule of `Protocol/schema.md#rules`: statements on the rows of `SchemaTests`.
enum BrokenRules {
    static let statements: [String: [String]] = [
        "users.id is 16 bytes": [
            "UPDATE users SET id = x'01' WHERE id = :ana",
        ],
        "users.id is unique": [
            "UPDATE users SET id = :ben WHERE id = :ana",
        ],
        "users.email is given": [
            "UPDATE users SET email = NULL WHERE id = :ana",
        ],
        "users.email has 3 to 255 characters": [
            "UPDATE users SET email = printf('%.256c', 'a') WHERE id = :ana",
            "UPDATE users SET email = 'a@' WHERE id = :ana",
        ],
        "users.email_normalised is unique": [
            "UPDATE users SET email_normalised = 'ben@example.org' WHERE id = :ana",
        ],
        "users.email_normalised has 3 to 255 characters": [
            "UPDATE users SET email_normalised = printf('%.256c', 'a') WHERE id = :ana",
        ],
        "users.password_hash has at most 255 characters": [
            "UPDATE users SET password_hash = printf('%.256c', 'a') WHERE id = :ana",
            "UPDATE users SET password_hash = '' WHERE id = :ana",
        ],
        "users.display_name is given": [
            "UPDATE users SET display_name = NULL WHERE id = :ana",
        ],
        "users.display_name has 1 to 100 characters": [
            "UPDATE users SET display_name = printf('%.101c', 'a') WHERE id = :ana",
            "UPDATE users SET display_name = '' WHERE id = :ana",
        ],
        "users.avatar_url has at most 2,048 characters": [
            "UPDATE users SET avatar_url = printf('%.2049c', 'a') WHERE id = :ana",
        ],
        "users.bio has at most 2,000 characters": [
            "UPDATE users SET bio = printf('%.2001c', 'a') WHERE id = :ana",
        ],
        "users.oauth_id has 1 to 255 characters": [
            """
            UPDATE users SET oauth_provider = 'google', oauth_id = printf('%.256c', 'a') WHERE \
            id = :ana
            """,
        ],
        "users.oauth_provider is one of three": [
            "UPDATE users SET oauth_provider = 'myspace', oauth_id = '1' WHERE id = :ana",
        ],
        "users.oauth_provider and oauth_id come together": [
            "UPDATE users SET oauth_provider = 'google' WHERE id = :ana",
            "UPDATE users SET oauth_id = '1' WHERE id = :ana",
        ],
        "users.oauth_provider with oauth_id is unique": [
            "UPDATE users SET oauth_provider = 'google', oauth_id = '7'",
        ],
        "users.email_verified is 0 or 1": [
            "UPDATE users SET email_verified = 2 WHERE id = :ana",
        ],
        "users.is_active is 0 or 1": [
            "UPDATE users SET is_active = 2 WHERE id = :ana",
        ],
        "users.is_admin is 0 or 1": [
            "UPDATE users SET is_admin = 2 WHERE id = :ana",
        ],
        "users.created_at is an integer": [
            "UPDATE users SET created_at = 'yesterday' WHERE id = :ana",
        ],
        "user_preferences.user_id is unique": [
            "UPDATE user_preferences SET user_id = :ben WHERE user_id = :ana",
        ],
        "user_preferences.user_id is a user": [
            "UPDATE user_preferences SET user_id = :nobody WHERE user_id = :ana",
        ],
        "user_preferences.default_bpm is 80 to 250": [
            "UPDATE user_preferences SET default_bpm = 79 WHERE user_id = :ana",
            "UPDATE user_preferences SET default_bpm = 251 WHERE user_id = :ana",
        ],
        "user_preferences.default_key_note is 0 to 11": [
            "UPDATE user_preferences SET default_key_note = -1 WHERE user_id = :ana",
            "UPDATE user_preferences SET default_key_note = 12 WHERE user_id = :ana",
        ],
        "user_preferences.default_flavor is a flavor": [
            "UPDATE user_preferences SET default_flavor = 'Tango' WHERE user_id = :ana",
        ],
        "user_preferences.default_volume is 0 to 1": [
            "UPDATE user_preferences SET default_volume = 1.01 WHERE user_id = :ana",
            "UPDATE user_preferences SET default_volume = -0.01 WHERE user_id = :ana",
        ],
        "user_preferences.theme is one of three": [
            "UPDATE user_preferences SET theme = 'pink' WHERE user_id = :ana",
        ],
        "user_preferences.language has 2 to 10 characters": [
            "UPDATE user_preferences SET language = printf('%.11c', 'a') WHERE user_id = :ana",
            "UPDATE user_preferences SET language = 'e' WHERE user_id = :ana",
        ],
        "user_preferences.use_glass_ui is 0 or 1": [
            "UPDATE user_preferences SET use_glass_ui = 2 WHERE user_id = :ana",
        ],
        "user_preferences.auto_play is 0 or 1": [
            "UPDATE user_preferences SET auto_play = 2 WHERE user_id = :ana",
        ],
        "user_preferences.show_beat_numbers is 0 or 1": [
            "UPDATE user_preferences SET show_beat_numbers = 2 WHERE user_id = :ana",
        ],
        "user_preferences.notifications_enabled is 0 or 1": [
            "UPDATE user_preferences SET notifications_enabled = 2 WHERE user_id = :ana",
        ],
        "user_preferences.email_notifications is 0 or 1": [
            "UPDATE user_preferences SET email_notifications = 2 WHERE user_id = :ana",
        ],
        "sessions.user_id is a user": [
            "UPDATE sessions SET user_id = :nobody",
        ],
        "sessions.token_sha256 is unique": [
            "UPDATE sessions SET token_sha256 = zeroblob(32)",
        ],
        "sessions.token_sha256 is 32 bytes": [
            "UPDATE sessions SET token_sha256 = x'01' WHERE id = :s1",
        ],
        "sessions.ip_address has at most 45 characters": [
            "UPDATE sessions SET ip_address = printf('%.46c', 'a')",
        ],
        "sessions.user_agent has at most 512 characters": [
            "UPDATE sessions SET user_agent = printf('%.513c', 'a')",
        ],
        "sessions.expires_at is given": [
            "UPDATE sessions SET expires_at = NULL",
        ],
        "patterns.user_id is a user": [
            "UPDATE patterns SET user_id = :nobody WHERE id = :pattern",
        ],
        "patterns.title is given": [
            "UPDATE patterns SET title = NULL WHERE id = :pattern",
        ],
        "patterns.title has 1 to 200 characters": [
            "UPDATE patterns SET title = printf('%.201c', 'a') WHERE id = :pattern",
            "UPDATE patterns SET title = '' WHERE id = :pattern",
        ],
        "patterns.description has at most 5,000 characters": [
            "UPDATE patterns SET description = printf('%.5001c', 'a') WHERE id = :pattern",
        ],
        "patterns.flavor is a flavor": [
            "UPDATE patterns SET flavor = 'Tango' WHERE id = :pattern",
        ],
        "patterns.bpm is 80 to 250": [
            "UPDATE patterns SET bpm = 79 WHERE id = :pattern",
            "UPDATE patterns SET bpm = 251 WHERE id = :pattern",
        ],
        "patterns.key_note is 0 to 11": [
            "UPDATE patterns SET key_note = -1 WHERE id = :pattern",
            "UPDATE patterns SET key_note = 12 WHERE id = :pattern",
        ],
        "patterns.is_public is 0 or 1": [
            "UPDATE patterns SET is_public = 2 WHERE id = :pattern",
        ],
        "patterns.configuration is JSON": [
            "UPDATE patterns SET configuration = '{' WHERE id = :pattern",
        ],
        "patterns.configuration is given": [
            "UPDATE patterns SET configuration = NULL WHERE id = :pattern",
        ],
        "patterns.thumbnail_url has at most 2,048 characters": [
            "UPDATE patterns SET thumbnail_url = printf('%.2049c', 'a') WHERE id = :pattern",
        ],
        "patterns.original_pattern_id is a pattern": [
            "UPDATE patterns SET original_pattern_id = :nobody WHERE id = :pattern",
        ],
        "patterns.play_count is not negative": [
            "UPDATE patterns SET play_count = -1 WHERE id = :pattern",
        ],
        "patterns.like_count is not negative": [
            "UPDATE patterns SET like_count = -1 WHERE id = :pattern",
        ],
        "patterns.comment_count is not negative": [
            "UPDATE patterns SET comment_count = -1 WHERE id = :pattern",
        ],
        "patterns.fork_count is not negative": [
            "UPDATE patterns SET fork_count = -1 WHERE id = :pattern",
        ],
        "likes.user_id is a user": [
            "UPDATE likes SET user_id = :nobody",
        ],
        "likes.pattern_id is a pattern": [
            "UPDATE likes SET pattern_id = :nobody",
        ],
        "likes.user_id with pattern_id is unique": [
            """
            INSERT INTO likes (id, user_id, pattern_id, created_at) SELECT :new, user_id, \
            pattern_id, 2 FROM likes
            """,
        ],
        "comments.user_id is a user": [
            "UPDATE comments SET user_id = :nobody",
        ],
        "comments.pattern_id is a pattern": [
            "UPDATE comments SET pattern_id = :nobody",
        ],
        "comments.parent_comment_id is a comment": [
            "UPDATE comments SET parent_comment_id = :nobody",
        ],
        "comments.text has 1 to 5,000 characters": [
            "UPDATE comments SET text = ''",
            "UPDATE comments SET text = printf('%.5001c', 'a')",
        ],
        "comments.text of a deleted comment is gone": [
            "UPDATE comments SET deleted_at = 5",
        ],
        "comments.is_edited is 0 or 1": [
            "UPDATE comments SET is_edited = 2",
        ],
        "follows.follower_id with following_id is unique": [
            """
            INSERT INTO follows (id, follower_id, following_id, created_at) SELECT :new, \
            follower_id, following_id, 2 FROM follows
            """,
        ],
        "follows.follower_id is not following_id": [
            "UPDATE follows SET following_id = follower_id",
        ],
        "follows.follower_id is a user": [
            "UPDATE follows SET follower_id = :nobody",
        ],
        "follows.following_id is a user": [
            "UPDATE follows SET following_id = :nobody",
        ],
        "activities.id is unique": [
            """
            INSERT INTO activities (id, user_id, activity_type, created_at) SELECT id, user_id, \
            activity_type, 2 FROM activities
            """,
        ],
        "activities.user_id is a user": [
            "UPDATE activities SET user_id = :nobody",
        ],
        "activities.activity_type is one of six": [
            "UPDATE activities SET activity_type = 'slept'",
        ],
        "activities.metadata is JSON": [
            "UPDATE activities SET metadata = '{'",
        ],
        "analytics.metric_type has 1 to 50 characters": [
            "UPDATE analytics SET metric_type = printf('%.51c', 'a')",
            "UPDATE analytics SET metric_type = ''",
        ],
        "analytics.metric_key has 1 to 100 characters": [
            "UPDATE analytics SET metric_key = printf('%.101c', 'a')",
        ],
        "analytics.metric_value is given": [
            "UPDATE analytics SET metric_value = NULL",
        ],
        "analytics.time_period is a date": [
            "UPDATE analytics SET time_period = '2026-02-30'",
            "UPDATE analytics SET time_period = 'soon'",
        ],
        "analytics.aggregation_level is one of four": [
            "UPDATE analytics SET aggregation_level = 'hourly'",
        ],
        "analytics entries are unique": [
            """
            INSERT INTO analytics (id, metric_type, metric_key, metric_value, time_period, \
            aggregation_level, created_at) SELECT :new, metric_type, metric_key, 2, \
            time_period, aggregation_level, 2 FROM analytics
            """,
        ],
    ]
}
