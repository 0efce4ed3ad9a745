#!/usr/bin/env python3
"""How large a database is, beside the same rows in the plain form of the data model.

    python3 LoadTests/size.py <data directory>

Reads a data directory of `salsanor seed` that no server is using. The plain form is the tables and
indexes as they are written for PostgreSQL, in SQLite: ids are 36 characters of text, each has the
table's own rowid beside it, and what a UNIQUE indexes already is indexed again where the data model
says so. Times stay integers there too, which flatters it. Both sides are counted by page, after
VACUUM, per table with all its indexes.
"""

import sqlite3
import sys
import tempfile
from pathlib import Path

# Table: columns that are ids, other columns, constraints, indexed columns.
TABLES = {
    "users": (
        "id",
        "email password_hash display_name avatar_url bio oauth_provider oauth_id email_verified "
        "is_active is_admin created_at updated_at last_login_at",
        "UNIQUE (email), UNIQUE (oauth_provider, oauth_id)",
        ["email", "oauth_provider, oauth_id", "created_at"],
    ),
    "user_preferences": (
        "id user_id",
        "default_bpm default_key_note default_flavor use_glass_ui auto_play show_beat_numbers "
        "default_volume theme language notifications_enabled email_notifications created_at "
        "updated_at",
        "UNIQUE (user_id)",
        ["user_id"],
    ),
    "patterns": (
        "id user_id original_pattern_id",
        "title description flavor bpm key_note is_public configuration thumbnail_url play_count "
        "like_count comment_count fork_count created_at updated_at published_at",
        None,
        ["user_id", "flavor", "is_public", "created_at DESC", "play_count DESC",
         "like_count DESC", "original_pattern_id"],
    ),
    "likes": (
        "id user_id pattern_id", "created_at", "UNIQUE (user_id, pattern_id)",
        ["user_id", "pattern_id", "created_at"],
    ),
    "comments": (
        "id user_id pattern_id parent_comment_id", "text is_edited created_at updated_at", None,
        ["user_id", "pattern_id", "parent_comment_id", "created_at"],
    ),
    "follows": (
        "id follower_id following_id", "created_at", "UNIQUE (follower_id, following_id)",
        ["follower_id", "following_id", "created_at"],
    ),
    "activities": (
        "id user_id pattern_id target_user_id", "activity_type metadata created_at", None,
        ["user_id", "activity_type", "pattern_id", "created_at DESC"],
    ),
}  # fmt: skip


def text_id(column):
    """The 36 characters of a UUID that is stored in 16 bytes."""
    parts = [(1, 8), (9, 4), (13, 4), (17, 4), (21, 12)]
    digits = f"lower(hex({column}))"
    text = " || '-' || ".join(f"substr({digits}, {at}, {n})" for at, n in parts)
    return f"CASE WHEN {column} IS NULL THEN NULL ELSE {text} END"


def copy(base, table):
    ids, others, constraint, indexed = TABLES[table]
    ids, others = ids.split(), others.split()
    columns = [f"{name} TEXT{' PRIMARY KEY' if name == 'id' else ''}" for name in ids] + others
    base.execute(f"CREATE TABLE {table} ({', '.join(columns + [constraint] * bool(constraint))})")
    values = ", ".join([text_id(name) for name in ids] + others)
    base.execute(
        f"INSERT INTO {table} ({', '.join(ids + others)}) SELECT {values} FROM ours.{table}"
    )
    for number, columns in enumerate(indexed):
        base.execute(f"CREATE INDEX idx_{table}_{number} ON {table} ({columns})")
    base.commit()


def sizes(base):
    """Bytes of each table with its indexes."""
    return dict(
        base.execute(
            "SELECT m.tbl_name, sum(s.pgsize) FROM dbstat s JOIN sqlite_master m "
            "ON m.name = s.name GROUP BY 1"
        )
    )


def main():
    if len(sys.argv) != 2 or not (database := Path(sys.argv[1]) / "database.sqlite").is_file():
        sys.exit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        packed = sqlite3.connect(Path(folder) / "ours.sqlite")
        # VACUUM INTO would do, but takes the lock of a database that should not be touched.
        sqlite3.connect(f"file:{database}?mode=ro", uri=True).backup(packed)
        packed.execute("VACUUM")
        plain = sqlite3.connect(Path(folder) / "plain.sqlite", isolation_level=None)
        plain.execute("PRAGMA journal_mode = OFF")
        plain.execute("PRAGMA synchronous = OFF")
        plain.execute(f"ATTACH '{folder}/ours.sqlite' AS ours")
        plain.isolation_level = ""
        for table in TABLES:
            copy(plain, table)
        plain.execute("DETACH ours")
        plain.execute("VACUUM")
        ours, theirs = sizes(packed), sizes(plain)
        print(f"{'table':18}{'rows':>10}{'bytes a row':>14}{'plain form':>12}{'ratio':>8}")
        for table in TABLES:
            (rows,) = plain.execute(f"SELECT count(*) FROM {table}").fetchone()
            if rows:
                line(table, rows, ours[table] / rows, theirs[table] / rows)
        total = sum(ours[table] for table in TABLES)
        total_plain = sum(theirs[table] for table in TABLES)
        print(f"these tables: {total} bytes; plain form: {total_plain}; "
              f"ratio {total_plain / total:.2f}")  # fmt: skip
        print(f"whole database, with search, rooms and the rest: {sum(ours.values())} bytes")


def line(table, rows, mine, theirs):
    print(f"{table:18}{rows:10}{mine:14.0f}{theirs:12.0f}{theirs / mine:8.2f}")


if __name__ == "__main__":
    main()
