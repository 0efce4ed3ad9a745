/// Keeps, outside the database, how many commits the database has seen.
package protocol IncarnationRecorder: AnyObject {
    /// Called after each commit with the database's own count. It may fail silently: a record that
    /// lags is harmless.
    func record(commits: Int64)
}
