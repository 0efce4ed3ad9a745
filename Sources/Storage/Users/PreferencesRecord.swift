package import Model

/// A row of `user_preferences`: one per user, written with the user.
package struct PreferencesRecord: Hashable, Sendable {
    package var id: Identifier
    package var user: Identifier
    /// 80 to 250.
    package var defaultBPM: Int64 = 120
    /// 0 to 11.
    package var defaultKeyNote: Int64 = 0
    /// `Salsa` or `Merengue`.
    package var defaultFlavor = "Salsa"
    package var useGlassUI = true
    package var autoPlay = false
    package var showBeatNumbers = true
    /// 0 to 1, two decimals.
    package var defaultVolume = 1.0
    /// `light`, `dark` or `auto`.
    package var theme = "light"
    /// A language tag of 2 to 10 characters.
    package var language = "en"
    package var notificationsEnabled = true
    package var emailNotifications = true
    package var createdMs: Int64
    package var updatedMs: Int64

    /// The defaults of the product.
    package init(id: Identifier, user: Identifier, createdMs: Int64) {
        self.id = id
        self.user = user
        self.createdMs = createdMs
        self.updatedMs = createdMs
    }
}
