/// The dance a machine plays for; it decides the instruments and how a count divides into steps.
package enum Flavor: String, Sendable, Hashable, CaseIterable {
    case salsa = "Salsa"
    case merengue = "Merengue"
}
