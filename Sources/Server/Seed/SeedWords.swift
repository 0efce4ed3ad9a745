/// What names, titles and comments are made of.
enum SeedWords {
    static let givenNames = """
        Ana Luis María José Carmen Pedro Rosa Juan Elena Carlos Lucía Miguel Sofía Rafael Teresa \
        Celia Tito Rubén Héctor Gloria Eddie Ray Isabel Andrés Paloma Ismael Yolanda Óscar Nélida \
        Milton Ingrid Kåre Solveig Torbjørn Åse Håkon Jürgen Zoë Noël Mei Kofi Amara Priya Tomasz
        """.split(separator: " ")
    static let familyNames = """
        García Rodríguez Núñez Peña Cruz Colón Lavoe Barretto Palmieri Santamaría Ortiz Marín \
        Valdés Bolívar Ríos Montañez Quiñones Delgado Rivera Castro Vega Fuentes Luna Morales \
        Hansen Nordmann Bakken Lindqvist Müller Okafor Nakamura Rossi Dubois Silva Kowalski
        """.split(separator: " ")
    static let forms = """
        Son Montuno Guaguancó Rumba Mambo Guaracha Guajira Descarga Bolero Cha-cha-chá Timba \
        Songo Pachanga Danzón Bomba Plena Merengue Pambiche Jaleo Tumbao Salsa Cáscara Güiro \
        Campaneo Bachata Changüí Conga Mozambique
        """.split(separator: " ")
    static let things = """
        noche luna calle vida amor fuego ritmo sabor corazón barrio palma mar cielo lluvia sol \
        café azúcar tambor campana madera malecón loma montaña guitarra fiesta esquina camino \
        sueño aguacero mañana tarde abuela gallo paloma flor rosa piedra río vecino bodega
        """.split(separator: " ")
    static let qualities = """
        caliente dulce vieja nueva lenta rápida grande pequeña azul roja dorada eterna brava \
        serena callejera sencilla alegre triste profunda moderna clásica sabrosa suave
        """.split(separator: " ")
    static let places = """
        Habana Cali Ponce Santiago Bayamón Cartagena Panamá Bronx Matanzas Barranquilla Caracas \
        Callao Oslo Bergen Trondheim Tromsø Santurce Loíza Guantánamo Bogotá
        """.split(separator: " ")
    static let remarks = """
        ¡Qué sabor!|Love the cowbell here.|The clave turns around in the second half, is that \
        on purpose?|Fits our class on Thursdays perfectly.|Slower, please, my feet are old.|\
        ¡Azúcar!|Great for practising on 2.|The congas could be louder.|Nydelig!|Played this all \
        evening.|Could you make one at 190?|Timbales are spot on.|Güiro a bit early on the 4?|\
        Thank you, this helped me hear the tumbao.|Dale!|Forked it for our social.|My favourite \
        so far.|The bass makes me move.|How do you get the maracas so light?|Otra, otra!
        """.split(separator: "|")
}
