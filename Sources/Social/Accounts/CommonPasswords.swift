/// The head of every published list of leaked passwords, of at least `passwordBytesMin` bytes, in
/// lower case: what a guesser tries first. Not a dictionary: throttling bounds the rest.
enum CommonPasswords {
    static let all: Set<String> = Set(text.split(whereSeparator: \.isWhitespace).map(String.init))

    private static let text = """
        12345678 123456789 1234567890 0123456789 123123123 12341234 12344321 1q2w3e4r 1q2w3e4r5t
        1qaz2wsx 1qazxsw2 11223344 112233445566 13131313 123321123 123454321 1234qwer 12345qwert
        123qweasd 147258369 147852369 159753456 19841984 20202020 22446688 87654321 987654321
        9876543210 99887766 1234567891 123456789a 123456789q 12345678910 1234567a a1234567 a12345678
        a123456789 aa123456 aa12345678 abc12345 abcd1234 abcdefgh abcdefghi abc123456 access14
        adgjmptw admin123 admin1234 admin12345 administrator alexander alexandra amanda123 anthony1
        asdfasdf asdfghjk asdfghjkl asdf1234 asdfjkl; baseball baseball1 basketball beautiful
        benjamin blink182 bollocks brooklyn butterfly caroline changeme charlie1 charlotte chelsea1
        chocolate christian christine christopher cocacola computer computer1 corvette courtney
        cristina danielle dragon123 drowssap elephant elizabeth estrella evolution facebook
        fernando football football1 forever1 freedom1 fuckyou1 garfield gfhjkm123 giovanni
        google123 hello123 helloworld hollywood iloveyou iloveyou1 iloveyou2 iloveyou123 internet
        isabella jennifer jessica1 jonathan justin123 killer123 kristina lastname letmein1
        letmein123 liverpool liverpool1 logitech lovelove manchester marlboro maverick mercedes
        michael1 michelle midnight minecraft monkey12 monkey123 mustang1 mynoob123 myspace1 natalia1
        newyork1 nicholas p@ssw0rd p@ssword pa55word pass1234 passw0rd password password! password0
        password01 password1 password1! password11 password12 password123 password1234 password123!
        password2 patricia princess princess1 q1w2e3r4 q1w2e3r4t5 qazwsxedc qazwsx123 qqww1122
        qwer1234 qwerasdf qwert123 qwert12345 qwerty12 qwerty123 qwerty1234 qwerty12345 qwertyui
        qwertyuiop qwertyuiop123 rosebud1 salsa123 salsasalsa samantha samsung1 santiago sebastian
        secret123 september shadow12 slipknot snickers snowball softball spiderman starwars
        steelers stephanie summer123 sunshine sunshine1 superman superman1 superstar tinkerbell
        trustno1 valentina veronica victoria volleyball welcome1 welcome123 whatever william1
        windows1 xbox360live zaq12wsx zxcvbnm1 zxcvbnm123 zxcvbnmzxcvbnm
        """
}
