/// What the server's letters say. `Protocol/mail.md`.
package enum MailText: Hashable, Sendable {
    /// To the address of a new account, or a new address of an account.
    case verify(name: String, link: String, hours: Int)
    case resetPassword(name: String, link: String, minutes: Int)
    /// To the present address, while there is time to do something.
    case emailChangeAsked(name: String, newEmail: String)
    /// To the old address.
    case emailChanged(name: String, newEmail: String)

    package func subject(_ language: MailLanguage) -> String {
        switch (self, language) {
        case (.verify, .english): "Confirm your e-mail address"
        case (.verify, .norwegian): "Bekreft e-postadressen din"
        case (.verify, .spanish): "Confirma tu dirección de correo"
        case (.resetPassword, .english): "Set a new password"
        case (.resetPassword, .norwegian): "Velg et nytt passord"
        case (.resetPassword, .spanish): "Elige una nueva contraseña"
        case (.emailChangeAsked, .english): "Your e-mail address is about to change"
        case (.emailChangeAsked, .norwegian): "E-postadressen din er i ferd med å endres"
        case (.emailChangeAsked, .spanish): "Tu dirección de correo está a punto de cambiar"
        case (.emailChanged, .english): "Your e-mail address was changed"
        case (.emailChanged, .norwegian): "E-postadressen din er endret"
        case (.emailChanged, .spanish): "Tu dirección de correo ha cambiado"
        }
    }

    package func body(_ language: MailLanguage) -> String {
        switch (self, language) {
        case (.verify(let name, let link, let hours), .english):
            """
            Hello \(name),

            open this link to confirm that this address is yours. It works for \(hours) hours:

            \(link)

            If you did not ask for this, somebody mistyped their address: do nothing.

            SalsaNor
            """
        case (.verify(let name, let link, let hours), .norwegian):
            """
            Hei \(name),

            åpne denne lenken for å bekrefte at adressen er din. Den virker i \(hours) timer:

            \(link)

            Hvis du ikke har bedt om dette, har noen skrevet feil adresse, og du trenger ikke
            gjøre noe.

            SalsaNor
            """
        case (.verify(let name, let link, let hours), .spanish):
            """
            Hola, \(name):

            abre este enlace para confirmar que esta dirección es tuya. Vale \(hours) horas:

            \(link)

            Si no lo has pedido, alguien escribió mal su dirección: no hagas nada.

            SalsaNor
            """
        case (.resetPassword(let name, let link, let minutes), .english):
            """
            Hello \(name),

            open this link to set a new password. It works once, for \(minutes) minutes, and signs
            you out everywhere:

            \(link)

            If you did not ask for this, do nothing: your password stays as it is.

            SalsaNor
            """
        case (.resetPassword(let name, let link, let minutes), .norwegian):
            """
            Hei \(name),

            åpne denne lenken for å velge et nytt passord. Den virker én gang, i \(minutes)
            minutter, og logger deg ut overalt:

            \(link)

            Hvis du ikke har bedt om dette, trenger du ikke gjøre noe: passordet er som før.

            SalsaNor
            """
        case (.resetPassword(let name, let link, let minutes), .spanish):
            """
            Hola, \(name):

            abre este enlace para elegir una nueva contraseña. Vale una sola vez, durante
            \(minutes) minutos, y cierra todas tus sesiones:

            \(link)

            Si no lo has pedido, no hagas nada: tu contraseña sigue igual.

            SalsaNor
            """
        case (.emailChangeAsked(let name, let email), .english):
            """
            Hello \(name),

            somebody signed in as you wants the address of your account to be

            \(email)

            It will be when the link in the letter that went there is opened.

            If this was not you, somebody knows your password. Set another one now, and the link
            works no more.

            SalsaNor
            """
        case (.emailChangeAsked(let name, let email), .norwegian):
            """
            Hei \(name),

            noen som er logget inn som deg, vil at adressen til kontoen din skal være

            \(email)

            Det blir den når lenken i brevet som ble sendt dit, åpnes.

            Hvis det ikke var deg, er det noen som kan passordet ditt. Velg et nytt passord nå, så
            virker ikke lenken lenger.

            SalsaNor
            """
        case (.emailChangeAsked(let name, let email), .spanish):
            """
            Hola, \(name):

            alguien que entró con tu cuenta quiere que su dirección sea

            \(email)

            Lo será cuando se abra el enlace de la carta que se envió allí.

            Si no has sido tú, alguien sabe tu contraseña. Elige otra ahora, y el enlace dejará
            de valer.

            SalsaNor
            """
        case (.emailChanged(let name, let email), .english):
            """
            Hello \(name),

            the address of your account is now \(email).

            If this was not you, somebody knows your password: write to whoever runs this server.

            SalsaNor
            """
        case (.emailChanged(let name, let email), .norwegian):
            """
            Hei \(name),

            adressen til kontoen din er nå \(email).

            Hvis det ikke var du som gjorde det, er det noen som kan passordet ditt: skriv til dem
            som driver denne tjenesten.

            SalsaNor
            """
        case (.emailChanged(let name, let email), .spanish):
            """
            Hola, \(name):

            la dirección de tu cuenta es ahora \(email).

            Si no has sido tú, alguien sabe tu contraseña: escribe a quien lleva este servidor.

            SalsaNor
            """
        }
    }
}
