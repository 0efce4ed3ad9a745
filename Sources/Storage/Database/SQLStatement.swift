/// The statements of one store: an enumeration whose raw values are the SQL texts.
///
/// Being an enumeration makes the list complete by construction: a `Connection` runs nothing else,
/// so a test that walks `allCases` sees all the SQL of the server. Texts stay inside what SQLite
/// and PostgreSQL share: parameters `$1`, `$2`... whose first appearances are in order,
/// `ON CONFLICT ... DO UPDATE`, bare boolean columns as conditions, no `rowid`.
package protocol SQLStatement: RawRepresentable<String>, CaseIterable, Sendable {}
