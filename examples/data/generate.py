#!/usr/bin/env python3
"""Writes the sample organisation "Nordlicht Werke" that ships with crm-core.

Python 3 standard library only.  All choices come from the small generator
`Lcg` below with a fixed seed, so every run on every machine writes the same
bytes.  All persons, firms and messages are invented.

    python3 generate.py            write all files, then check them
    python3 generate.py --check    write nothing; fail if a file on disk differs
"""

import csv
import datetime as dt
import io
import os
import re
import sys
import unicodedata

HERE = os.path.dirname(os.path.abspath(__file__))
TODAY = dt.date(2026, 11, 20)  # the day the sample was "exported"


class Lcg:
    """64-bit linear congruential generator (Knuth's MMIX constants)."""

    def __init__(self, seed):
        self.state = seed & (2**64 - 1)
        for _ in range(4):
            self.next()

    def next(self):
        self.state = (self.state * 6364136223846793005 + 1442695040888963407) & (2**64 - 1)
        return self.state >> 33

    def below(self, n):
        return self.next() % n

    def between(self, low, high):
        return low + self.below(high - low + 1)

    def chance(self, percent):
        return self.below(100) < percent

    def pick(self, items):
        return items[self.below(len(items))]

    def weighted(self, pairs):
        at = self.below(sum(w for _, w in pairs))
        for value, weight in pairs:
            if at < weight:
                return value
            at -= weight
        raise AssertionError("unreachable")

    def shuffled(self, items):
        out = list(items)
        for i in range(len(out) - 1, 0, -1):
            j = self.below(i + 1)
            out[i], out[j] = out[j], out[i]
        return out


RNG = Lcg(20261120)

# ---------------------------------------------------------------------------
# Users and teams of Nordlicht Werke itself
# ---------------------------------------------------------------------------

TEAMS = [
    ("Sales North", "sales", "Europe/Berlin", "annika.brandt@nordlicht-werke.example"),
    ("Sales South", "sales", "Europe/Rome", "giulia.ferrante@nordlicht-werke.example"),
    ("Service", "service", "Europe/Berlin", "joanna.sliwinska@nordlicht-werke.example"),
]

USERS = [
    ("Annika Brandt", "annika.brandt", "Sales North", "Head of Sales North", "Europe/Berlin", "de-DE", "030 23125 901"),
    ("Lars Hviid", "lars.hviid", "Sales North", "Account Manager Nordics and Benelux", "Europe/Copenhagen", "da-DK", "+49 40 66969 902"),
    ("Oliver Whitcombe", "oliver.whitcombe", "Sales North", "Account Manager UK and US", "Europe/London", "en-GB", "020 7946 0903"),
    ("Giulia Ferrante", "giulia.ferrante", "Sales South", "Head of Sales South", "Europe/Rome", "it-IT", "+49 89 99998 904"),
    ("Mateo Ibarra Luna", "mateo.ibarra", "Sales South", "Account Manager Iberia and France", "Europe/Madrid", "es-ES", "+49 89 99998 905"),
    ("Joanna Śliwińska", "joanna.sliwinska", "Service", "Head of Service", "Europe/Berlin", "pl-PL", "030 23125-906"),
    ("Tobias Köhnke", "tobias.koehnke", "Service", "Service Engineer", "Europe/Berlin", "de-DE", "030 / 231 25-9 07"),
    ("Deniz Yıldırım", "deniz.yildirim", "Service", "Service Engineer", "Europe/Berlin", "de-DE", "(030) 231 25 908"),
]
USER_MAIL = {u[0]: u[1] + "@nordlicht-werke.example" for u in USERS}
USER_ZONE = {USER_MAIL[u[0]]: u[4] for u in USERS}
USER_NAME = {USER_MAIL[u[0]]: u[0] for u in USERS}
ANNIKA, LARS, OLIVER, GIULIA, MATEO, JOANNA, TOBIAS, DENIZ = [USER_MAIL[u[0]] for u in USERS]
SERVICE = [JOANNA, TOBIAS, DENIZ]


def owner_for(country):
    if country in ("GB", "US", "IE"):
        return OLIVER
    if country in ("DK", "SE", "NO", "FI", "NL", "BE"):
        return LARS
    if country in ("FR", "ES", "PT"):
        return MATEO
    if country in ("IT", "GR", "TR", "AT", "CH", "BG", "RS", "AE", "EG"):
        return GIULIA
    return ANNIKA


# ---------------------------------------------------------------------------
# Organisations:  name | legal form | id | country | city | postal code |
#                 street | region | industry | employees | revenue | parent id
# The id gives the domain "<id>.example".  Revenue is in thousands of the
# currency of the country.
# ---------------------------------------------------------------------------

ORGANISATIONS = """
Hansekai Logistik Holding|SE|hansekai|DE|Hamburg|20457|Am Sandtorkai 912|Hamburg|Logistics|4200|815000|
Hansekai Lager Nord|GmbH|hansekai-lager|DE|Norderstedt|22848|Gutenbergring 871|Schleswig-Holstein|Logistics|640|98400|hansekai
Hansekai Kühllogistik|GmbH & Co. KG|hansekai-kuehl|DE|Reinbek|21465|Senefelderring 612|Schleswig-Holstein|Cold storage|185|41200|hansekai-lager
Hansekai Rotterdam|B.V.|hansekai-nl|NL|Rotterdam|3089 JA|Waalhaven Oostzijde 977|Zuid-Holland|Logistics|310|67100|hansekai
Spreewerk Maschinenbau|AG|spreewerk|DE|Berlin|12489|Rudower Chaussee 814|Berlin|Mechanical engineering|1350|268000|
Spreewerk Antriebstechnik|GmbH|spreewerk-antrieb|DE|Berlin|12277|Nunsdorfer Ring 906|Berlin|Mechanical engineering|290|52300|spreewerk
Spreewerk Česko|s.r.o.|spreewerk-cz|CZ|Brno|627 00|Tuřanka 1519|Jihomoravský kraj|Mechanical engineering|140|412000|spreewerk-antrieb
Bäckerei & Feinkost Vollmond|OHG|vollmond|DE|Berlin|10997|Wrangelstraße 981|Berlin|Food production|38|3900|
Großschlachterei Petersdorf|GmbH|petersdorf|DE|Schenefeld|22869|Osterbrooksweg 713|Schleswig-Holstein|Food production|420|136000|
Isarring Verpackungen|GmbH|isarring|DE|München|80939|Frankfurter Ring 918|Bayern|Packaging|260|47800|
Alpenrand Kliniken|gGmbH|alpenrand|DE|Haar|85540|Vockestraße 706|Bayern|Health care|2100|174000|
Garchinger Reinraumtechnik|GmbH|garching-reinraum|DE|Garching|85748|Lichtenbergstraße 811|Bayern|Clean room|95|18700|
Rheinbogen Chemie|AG|rheinbogen|DE|Köln|50735|Emdener Straße 927|Nordrhein-Westfalen|Chemicals|3100|1240000|
Rheinbogen Lacke & Harze|GmbH|rheinbogen-lacke|DE|Köln|50769|Robert-Bosch-Straße 844|Nordrhein-Westfalen|Chemicals|370|91500|rheinbogen
Domblick Messebau|GmbH|domblick|DE|Köln|50679|Siegburger Straße 919|Nordrhein-Westfalen|Trade fairs|72|11300|
Mainufer Rechenzentren|GmbH|mainufer|DE|Frankfurt am Main|60314|Hanauer Landstraße 985|Hessen|Data centres|150|64900|
Offenbacher Druckhaus Reuß|KG|druckhaus-reuss|DE|Offenbach am Main|63067|Mühlheimer Straße 873|Hessen|Printing|88|9700|
Elektro Petersen & Söhne|GmbH|elektro-petersen|DE|Hamburg|22525|Schnackenburgallee 917|Hamburg|Electrical contractor|46|6100|
Lichtplanung Süßkind|PartGmbB|suesskind|DE|München|80469|Baaderstraße 918|Bayern|Lighting design|14|1900|
Bezirksamt Tiefensee|KdöR|tiefensee|DE|Berlin|12555|Alt-Köpenick 921|Berlin|Public administration|1900||
Fachverband Hallenlicht|e. V.|hallenlicht|DE|Frankfurt am Main|60528|Lyoner Straße 918|Hessen|Trade association|17|2300|
Kranwerft Altenwerder|GmbH|kranwerft|DE|Hamburg|21129|Altenwerder Hauptstraße 905|Hamburg|Shipbuilding|510|88200|
Stadtwerke Unterfahrt|GmbH|stadtwerke-unterfahrt|DE|Unterföhring|85774|Münchner Straße 921|Bayern|Utilities|230|121000|
Südbahn Instandhaltung|GmbH|suedbahn|AT|Wien|1100|Laxenburger Straße 951|Wien|Rail|780|143000|
Donaupapier|AG|donaupapier|AT|Wien|1230|Perfektastraße 972|Wien|Paper|640|187000|
Tischlerei Moosgrün|e.U.|moosgruen|AT|Wien|1160|Thaliastraße 966|Wien|Joinery|19|2100|
Zürisee Präzision|AG|zuerisee|CH|Zürich|8048|Hohlstrasse 914|Zürich|Watchmaking|330|84000|
Käserei Emmenmatt|Genossenschaft|emmenmatt|CH|Zürich|8005|Hardturmstrasse 977|Zürich|Food production|120|38500|
Ateliers du Léman|SA|ateliers-leman|CH|Genève|1227|Route des Acacias 913|Genève|Metalworking|75|14200|
Groupe Valmorin|SAS|valmorin|FR|Paris|75013|918 avenue de France|Île-de-France|Retail|8800|2130000|
Valmorin Entrepôts Ouest|SAS|valmorin-ouest|FR|Nantes|44300|712 route de Carquefou|Pays de la Loire|Logistics|420|68700|valmorin
Valmorin Surgelés Rennes|SARL|valmorin-surgeles|FR|Rennes|35000|914 rue de Lorient|Bretagne|Cold storage|110|22900|valmorin-ouest
Fonderie des Trois Vallées|SA|trois-vallees|FR|Lyon|69007|963 rue de Gerland|Auvergne-Rhône-Alpes|Foundry|275|54100|
Brasserie du Vieux Canal|SAS|vieux-canal|FR|Lille|59000|917 rue du Faubourg de Béthune|Hauts-de-France|Brewing|64|12800|
Aéro-Structures Lauragais|SAS|lauragais|FR|Toulouse|31100|928 route de Seysses|Occitanie|Aerospace|590|132000|
Éclairage Conseil Méridional|SARL|meridional|FR|Marseille|13008|919 avenue du Prado|Provence-Alpes-Côte d'Azur|Lighting design|11|1400|
Whitmoor Distribution|Ltd|whitmoor|GB|Manchester|M17 8AS|Unit 914, Trafford Park Road|Greater Manchester|Logistics|1150|196000|
Whitmoor Cold Chain|Ltd|whitmoor-cold|GB|Leeds|LS10 1NQ|Unit 71, Stourton Link|West Yorkshire|Cold storage|210|37400|whitmoor
Whitmoor Ireland|Limited|whitmoor-ie|IE|Dublin|D12 XE29|Unit 913, Ballymount Trade Park|Dublin|Logistics|95|21800|whitmoor
Carrow & Pell Brewers|plc|carrow-pell|GB|Bristol|BS2 0QL|915 Feeder Road|Bristol|Brewing|340|61500|
Thistledown Knitwear|Ltd|thistledown|GB|Glasgow|G40 4LA|918 Dalmarnock Road|Glasgow|Textiles|128|15700|
Aldermere Hospital|NHS Trust|aldermere|GB|London|SE5 9RZ|914 Denmark Hill|Greater London|Health care|5400|612000|
Blackfold Steel Stockholders|LLP|blackfold|GB|Sheffield|S9 2RX|977 Brightside Lane|South Yorkshire|Steel trade|92|44800|
Northgate Film Studios|Ltd|northgate-film|GB|London|NW10 6FN|909 Sunbeam Road|Greater London|Film studios|160|29600|
Severn Electrical Wholesale|Ltd|severn-electrical|GB|Birmingham|B24 9QR|918 Tyburn Road|West Midlands|Electrical wholesale|380|118000|
Lakeshore Fabrication|Inc.|lakeshore-fab|US|Milwaukee|53207|9181 S Kinnickinnic Ave|WI|Metalworking|430|97600|
Lakeshore Coatings|LLC|lakeshore-coatings|US|Chicago|60609|9440 S Racine Ave|IL|Chemicals|88|23100|lakeshore-fab
Prairie Rail Services|LLC|prairie-rail|US|Omaha|68102|9130 Cuming St|NE|Rail|510|142000|
Bayfront Cold Storage|Inc.|bayfront|US|Oakland|94607|9702 Maritime St|CA|Cold storage|260|58300|
Juniper Ridge School District|School district|juniper-ridge|US|Denver|80204|9914 Osage St|CO|Education|1450||
Hudson Bright Electric|Co.|hudson-bright|US|New York|10001|9330 W 28th St|NY|Electrical contractor|115|41700|
Cartagena Frío Industrial|S.A.|cartagena-frio|ES|Madrid|28053|Calle de la Gavia 918|Madrid|Cold storage|390|83600|
Bodegas Peñalba y Ruiz|S.L.|penalba-ruiz|ES|Valencia|46015|Avenida de Burjassot 977|Comunitat Valenciana|Beverages|85|14900|
Textil Costa Brava|S.A.U.|costa-brava|ES|Barcelona|08018|Carrer de Pallars 913|Catalunya|Textiles|240|39800|
Puerto Seco Levante|S.L.|puerto-seco|ES|Valencia|46024|Camino de las Moreras 929|Comunitat Valenciana|Logistics|175|28700|cartagena-frio
Conservas Ribeira Nova|Lda.|ribeira-nova|PT|Porto|4100-130|Rua do Ouro 918|Porto|Food production|130|17600|
Officine Bellavalle|S.p.A.|bellavalle|IT|Milano|20138|Via Mecenate 976|Lombardia|Mechanical engineering|870|204000|
Bellavalle Stampi|S.r.l.|bellavalle-stampi|IT|Torino|10156|Strada Settimo 917|Piemonte|Tool making|145|27300|bellavalle
Ceramiche Montefiore|S.r.l.|montefiore|IT|Bologna|40128|Via Stalingrado 918|Emilia-Romagna|Ceramics|410|76200|
Studio Luce Trastàvere|S.n.c.|studio-luce|IT|Roma|00153|Via Ettore Rolli 941|Lazio|Lighting design|9|870|
Zakłady Mięsne Łąkowa|Sp. z o.o.|lakowa|PL|Łódź|90-558|ul. Łąkowa 911|łódzkie|Food production|560|412000|
Huta Szkła Jasień|S.A.|huta-jasien|PL|Wrocław|53-125|al. Karkonoska 918|dolnośląskie|Glass|720|530000|
Magazyny Wiślane|Sp. z o.o.|magazyny-wislane|PL|Warszawa|03-236|ul. Annopol 914|mazowieckie|Logistics|230|148000|
Nordvind Skibsværft|A/S|nordvind|DK|Odense|5000|Kanalvej 918|Syddanmark|Shipbuilding|480|742000|
Mejeriet Grønbæk|A.m.b.A.|groenbaek|DK|Aarhus|8200|Paludan-Müllers Vej 914|Midtjylland|Food production|310|968000|
Lysmester Sørensen|ApS|lysmester|DK|København|2450|Sydhavnsgade 918|Hovedstaden|Electrical contractor|27|41200|
Björkfors Sågverk|AB|bjorkfors|SE|Stockholm|115 42|Värtavägen 977|Stockholm|Timber|340|1180000|
Västhamn Terminal|AB|vasthamn|SE|Göteborg|418 34|Oljevägen 918|Västra Götaland|Logistics|520|1460000|
Öresund Läkemedel|AB|oresund-lakemedel|SE|Malmö|211 24|Stora Varvsgatan 914|Skåne|Pharmaceuticals|690|2750000|
Malmfältens Bergteknik|AB|malmfalten|SE|Kiruna|981 38|Lastvägen 918|Norrbotten|Mining|260|890000|bjorkfors
Fjordlaks Havbruk|AS|fjordlaks|NO|Bergen|5058|Solheimsgaten 918|Vestland|Aquaculture|370|1920000|
Trondmo Prosess|AS|trondmo|NO|Oslo|0581|Økernveien 919|Oslo|Process engineering|210|640000|
Järvikangas Paperi|Oy|jarvikangas|FI|Helsinki|00880|Itälahdenkatu 918|Uusimaa|Paper|450|158000|
Van der Linde Bloemen|B.V.|vanderlinde|NL|Amsterdam|1043 AA|Basisweg 918|Noord-Holland|Horticulture|320|74300|
Kasteelhof Tuinbouw|Coöperatie U.A.|kasteelhof|NL|Den Haag|2521 CX|Neherkade 919|Zuid-Holland|Horticulture|140|51600|
Brouwerij De Zilveren Haan|NV|zilveren-haan|BE|Brussel|1070|Bergensesteenweg 918|Brussels|Brewing|155|33900|
Verreries de la Sambre|SA|sambre|BE|Charleroi|6000|Rue de Marcinelle 917|Hainaut|Glass|290|48800|
Moravské Sklárny Jeřáb|a.s.|jerab|CZ|Praha|190 00|Kolbenova 918|Praha|Glass|380|765000|
Pivovar Žlutý Lev|s.r.o.|zluty-lev|CZ|Plzeň|301 00|U Prazdroje 977|Plzeňský kraj|Brewing|96|214000|
Ege Işık Aydınlatma|Ltd. Şti.|ege-isik|TR|İzmir|35110|Çınarlı Mahallesi, Ankara Caddesi 918|İzmir|Electrical wholesale|68|96000|
Boğaziçi Tekstil Sanayi|A.Ş.|bogazici-tekstil|TR|İstanbul|34522|Beylikdüzü OSB, Mermerciler 917|İstanbul|Textiles|740|1310000|
Ναυπηγεία Αιγαίου|Α.Ε.|nafpigeia|GR|Πειραιάς|185 45|Ακτή Κονδύλη 918|Αττική|Shipbuilding|260|38400|
Ελαιουργία Μεσσηνίας|Ε.Π.Ε.|elaiourgia|GR|Αθήνα|104 41|Λένορμαν 977|Αττική|Food production|74|11900|
Дніпровський завод Світлотехніка|ТОВ|svitlotekhnika|UA|Київ|04073|проспект Степана Бандери 918|Київ|Electrical engineering|190|246000|
Балкански машини|АД|balkanski-mashini|BG|София|1528|бул. Искърско шосе 918|София-град|Mechanical engineering|280|41700|spreewerk
Морава Електро|д.о.о.|morava-elektro|RS|Београд|11070|Милутина Миланковића 918|Београд|Electrical contractor|58|412000|
شركة الخليج للإنارة الصناعية|ذ.م.م|khaleej-light|AE|دبي|11111|شارع الشيخ زايد، مبنى 918|دبي|Electrical wholesale|84|67400|
مصانع النيل للأغذية|ش.م.م|nile-foods|EG|القاهرة|11511|شارع رمسيس 918|القاهرة|Food production|520|940000|
北辰照明|株式会社|hokushin|JP|東京|144-0035|大田区南蒲田9-18-7|東京都|Electrical engineering|310|7420000|
湊川精機|株式会社|minatogawa|JP|大阪|551-0031|大正区泉尾9-14-3|大阪府|Mechanical engineering|180|3960000|hokushin
한빛조명|주식회사|hanbit-light|KR|서울|08501|금천구 가산디지털로 918|서울특별시|Electrical engineering|240|48600000|
동해냉동물류|주식회사|donghae-cold|KR|부산|49277|서구 원양로 917|부산광역시|Cold storage|160|31200000|
上海明川光电|有限公司|mingchuan|CN|上海|201203|浦东新区祖冲之路9918号|上海市|Electronic components|860|512000|
苏州恒远精密|有限公司|hengyuan|CN|上海|200233|徐汇区桂平路9917号|上海市|Electronic components|430|236000|mingchuan
Ánh Dương Thiết Bị Điện|TNHH|anh-duong|VN|Thành phố Hồ Chí Minh|70000|918 Nguyễn Văn Linh, Quận 7|Thành phố Hồ Chí Minh|Electronic components|220|318000000|
Outback Grain Handling|Pty Ltd|outback-grain|AU|Sydney|2020|918 Botany Road|NSW|Agriculture|175|46200|
"""

CURRENCY = {"GB": "GBP", "US": "USD", "SE": "SEK", "JP": "JPY", "CH": "CHF", "PL": "PLN", "DK": "DKK",
            "NO": "NOK", "CZ": "CZK", "TR": "TRY", "UA": "UAH", "RS": "RSD", "AE": "AED", "EG": "EGP",
            "KR": "KRW", "CN": "CNY", "VN": "VND", "AU": "AUD"}
NO_MINOR_UNIT = {"JPY", "KRW", "VND"}
DEAL_CURRENCY = {"GB": "GBP", "US": "USD", "SE": "SEK", "JP": "JPY"}

SOURCES = [("trade fair", 22), ("referral", 20), ("website", 18), ("partner", 12), ("cold call", 9),
           ("existing customer", 10), ("tender portal", 6), ("newsletter", 3)]

# ---------------------------------------------------------------------------
# Telephone numbers.  Area codes with the number block that the regulator of
# the country keeps free for film and print (DE, GB, US, FR, SE, AU); in the
# other countries the shape and length are right and the block is a low one.
# city -> (area code with trunk digit, prefix, digits that vary)
# ---------------------------------------------------------------------------

AREA = {
    "Berlin": ("030", "23125", 3), "Hamburg": ("040", "66969", 3), "Norderstedt": ("040", "66969", 3),
    "Reinbek": ("040", "66969", 3), "Schenefeld": ("040", "66969", 3), "Köln": ("0221", "4710", 3),
    "München": ("089", "99998", 3), "Haar": ("089", "99998", 3), "Garching": ("089", "99998", 3),
    "Unterföhring": ("089", "99998", 3), "Frankfurt am Main": ("069", "90009", 3),
    "Offenbach am Main": ("069", "90009", 3), "Wien": ("01", "5550", 3), "Zürich": ("044", "0000", 3),
    "Genève": ("022", "0000", 3), "Paris": ("01", "9900", 4), "Nantes": ("02", "6191", 4),
    "Rennes": ("02", "6191", 4), "Lille": ("03", "5301", 4), "Lyon": ("04", "6571", 4),
    "Marseille": ("04", "6571", 4), "Toulouse": ("05", "3649", 4), "Manchester": ("0161", "4960", 3),
    "Leeds": ("0113", "4960", 3), "Bristol": ("0117", "4960", 3), "Glasgow": ("0141", "4960", 3),
    "London": ("020", "79460", 3), "Sheffield": ("0114", "4960", 3), "Birmingham": ("0121", "4960", 3),
    "Dublin": ("01", "5550", 3), "Milwaukee": ("414", "55501", 2), "Chicago": ("312", "55501", 2),
    "Omaha": ("402", "55501", 2), "Oakland": ("510", "55501", 2), "Denver": ("303", "55501", 2),
    "New York": ("212", "55501", 2), "Madrid": ("91", "0000", 3), "Valencia": ("96", "0000", 3),
    "Barcelona": ("93", "0000", 3), "Porto": ("22", "0000", 3), "Milano": ("02", "00000", 3),
    "Torino": ("011", "0000", 3), "Bologna": ("051", "0000", 3), "Roma": ("06", "55500", 3),
    "Łódź": ("42", "0000", 3), "Wrocław": ("71", "0000", 3), "Warszawa": ("22", "0000", 3),
    "Odense": ("", "63000", 3), "Aarhus": ("", "87000", 3), "København": ("", "33000", 3),
    "Stockholm": ("08", "465004", 2), "Göteborg": ("031", "39006", 2), "Malmö": ("040", "62804", 2),
    "Kiruna": ("0980", "3192", 2), "Bergen": ("", "55000", 3), "Oslo": ("", "21000", 3),
    "Helsinki": ("09", "80000", 3), "Amsterdam": ("020", "0000", 3), "Rotterdam": ("010", "0000", 3),
    "Den Haag": ("070", "0000", 3), "Brussel": ("02", "2800", 3), "Charleroi": ("071", "000", 3),
    "Praha": ("", "210000", 3), "Brno": ("", "510000", 3), "Plzeň": ("", "370000", 3),
    "İzmir": ("0232", "5550", 3), "İstanbul": ("0212", "5550", 3), "Πειραιάς": ("", "2100000", 3),
    "Αθήνα": ("", "2100000", 3), "Київ": ("044", "0000", 3), "София": ("02", "4000", 3),
    "Београд": ("011", "5550", 3), "دبي": ("04", "5550", 3), "القاهرة": ("02", "25550", 3),
    "東京": ("03", "55500", 3), "大阪": ("06", "55500", 3), "서울": ("02", "5550", 3), "부산": ("051", "5550", 3),
    "上海": ("021", "55500", 3), "Thành phố Hồ Chí Minh": ("028", "35550", 3), "Sydney": ("02", "5550", 4),
}
MOBILE = {
    "DE": ("0171", "39200", 2), "AT": ("0664", "0000", 3), "CH": ("079", "0000", 3), "FR": ("06", "3998", 4),
    "GB": ("07700", "900", 3), "IE": ("085", "0000", 3), "US": ("917", "55501", 2), "ES": ("600", "000", 3),
    "PT": ("91", "0000", 3), "IT": ("320", "0000", 3), "PL": ("600", "000", 3), "DK": ("", "20000", 3),
    "SE": ("070", "17406", 2), "NO": ("", "40000", 3), "FI": ("050", "0000", 3), "NL": ("06", "18000", 3),
    "BE": ("0470", "000", 3), "CZ": ("", "601000", 3), "TR": ("0555", "0000", 3), "GR": ("", "6900000", 3),
    "UA": ("050", "0000", 3), "BG": ("087", "0000", 3), "RS": ("060", "0000", 3), "AE": ("050", "0000", 3),
    "EG": ("0100", "000", 4), "JP": ("090", "10000", 3), "KR": ("010", "00000", 3), "CN": ("", "13800000", 3),
    "VN": ("090", "0000", 3), "AU": ("0491", "570", 3),
}
DIAL = {"DE": "49", "AT": "43", "CH": "41", "FR": "33", "GB": "44", "IE": "353", "US": "1", "ES": "34", "PT": "351",
        "IT": "39", "PL": "48", "DK": "45", "SE": "46", "NO": "47", "FI": "358", "NL": "31", "BE": "32", "CZ": "420",
        "TR": "90", "GR": "30", "UA": "380", "BG": "359", "RS": "381", "AE": "971", "EG": "20", "JP": "81",
        "KR": "82", "CN": "86", "VN": "84", "AU": "61"}
_used_numbers = {}


def group(digits, sizes):
    out, at = [], 0
    for size in sizes:
        out.append(digits[at:at + size])
        at += size
    if at < len(digits):
        out.append(digits[at:])
    return [g for g in out if g]


def pairs(digits):
    head = len(digits) % 2
    if head:
        return [digits[:3]] + group(digits[3:], [2] * 9)
    return group(digits, [2] * 9)


def spelled(country, area, number):
    """The usual national way to write a number."""
    if country == "US":
        return "(%s) %s-%s" % (area, number[:3], number[3:])
    if country == "FR":
        return " ".join([area] + group(number, [2] * 4))
    if country == "GB":
        if area == "020":
            return "%s %s %s" % (area, number[:4], number[4:])
        return "%s %s" % (area, " ".join(group(number, [3, 4]) if len(number) == 7 else [number]))
    if country == "SE":
        return "%s-%s" % (area, " ".join(pairs(number)))
    if country in ("DK", "NO"):
        return " ".join(group(number, [2] * 4))
    if country in ("CZ", "GR"):
        return " ".join(group(number, [3, 3, 3] if country == "CZ" else [3, 3, 4]))
    if country in ("ES", "PL"):
        return " ".join([area] + (group(number, [3, 3]) if len(area) == 3 else pairs(number)))
    if country in ("JP", "KR"):
        return "%s-%s-%s" % (area, number[:-4], number[-4:])
    if country == "CN":
        return (area + " " if area else "") + " ".join(group(number, [4, 4] if area else [3, 4, 4]))
    if country == "TR":
        return "%s %s" % (area, " ".join(pairs(number)))
    if country == "AU":
        return "(%s) %s" % (area, " ".join(group(number, [4, 4]))) if area == "02" else "%s %s" % (
            area, " ".join(group(number, [3, 3])))
    if country in ("CH", "BE"):
        return "%s %s" % (area, " ".join(pairs(number)))
    if country in ("PT", "NL", "FI", "BG", "UA", "RS", "AE", "IE", "VN"):
        return "%s %s" % (area, " ".join(group(number, [4, 4] if len(number) == 8 else [3, 4])))
    if country == "DE":
        return "%s %s" % (area, number)
    return "%s %s" % (area, number)


def take_number(country, block):
    area, prefix, width = block
    size = 10 ** width
    key = (country, area, prefix)
    at = _used_numbers.get(key, 0)
    if at >= size:
        raise SystemExit("no numbers left in %r" % (key,))
    _used_numbers[key] = at + 1
    step = {2: 37, 3: 377, 4: 3771}[width]
    value = (at * step + 17) % size
    if country == "SE" and area == "070":
        value = 5 + at if at < 95 else value
    return area, prefix + str(value).zfill(width)


def write_number(country, area, number, styles):
    style = RNG.weighted(styles)
    dial = DIAL[country]
    bare = area[1:] if area.startswith("0") and country != "IT" else area
    if style == "national":
        return spelled(country, area, number)
    if style == "plus":
        text = spelled(country, area, number).replace("(", "").replace(")", "")
        text = text[1:] if text.startswith("0") and country != "IT" else text
        return "+%s %s" % (dial, text)
    if style == "compact":
        return "+%s%s%s" % (dial, bare, number)
    if style == "zeros":
        if country in ("US", "JP", "KR", "AU"):  # these dial out with other digits than 00
            return "+%s %s %s" % (dial, bare, number) if bare else "+%s %s" % (dial, number)
        return ("00%s %s %s" % (dial, bare, number)).replace("  ", " ")
    if style == "odd":
        if country == "DE" and len(area) == 3 and len(number) == 8:
            return RNG.pick([
                "%s / %s %s-%s %s" % (area, number[:3], number[3:5], number[5], number[6:]),
                "(%s) %s %s %s" % (area, number[:3], number[3:5], number[5:]),
                "%s/%s-%s" % (area, number[:5], number[5:]),
                "+49 (0)%s %s-%s" % (bare, number[:5], number[5:]),
                "%s %s %s %s %s" % (area, number[:2], number[2:4], number[4:6], number[6:]),
            ])
        if country in ("DE", "AT", "CH", "NL") and area:
            return RNG.pick(["%s/%s" % (area, number), "+%s (0)%s %s" % (dial, bare, number),
                             "(%s) %s" % (area, number)])
        if country == "US":
            return RNG.pick(["%s-%s-%s", "%s.%s.%s", "1-%s-%s-%s"]) % (area, number[:3], number[3:])
        if country == "GB":
            return "(%s) %s" % (area, " ".join(group(number, [3, 4]))) if len(area) < 5 else area + number
        if country == "FR":
            return ".".join([area] + group(number, [2] * 4))
        return spelled(country, area, number)
    raise AssertionError(style)


STYLES = [("national", 32), ("plus", 23), ("odd", 30), ("compact", 7), ("zeros", 8)]


def phone(country, city, styles=STYLES):
    area, number = take_number(country, AREA[city])
    return write_number(country, area, number, styles)


def mobile(country, styles=STYLES):
    area, number = take_number(country, MOBILE[country])
    return write_number(country, area, number, styles)


# ---------------------------------------------------------------------------
# Names.  given: male / female; family: one list, or male / female lists.
# For other scripts every name is written "名=latin" for the e-mail address.
# ---------------------------------------------------------------------------

NAMES = {
    "de": ("Jürgen Matthias Holger Stefan Björn Götz Ruprecht Lorenz Sebastian Uwe Friedrich Jörg Henning Karsten Fabian Ansgar",
           "Käthe Sabine Ute Friederike Bärbel Heike Antje Monika Svenja Grit Leonie Jördis Ulrike Maren Birte Gesche",
           "Müllerschön Großkopf Weißhaupt Jäckel Strößner Kühnapfel Brügmann Oellerking Zühlke Hansmeier Freudenreich Löwenkamp Sauerwein Wiesengrund Tetzlaff Schürmann Lüdecke Heßling Rößler Krähenbühl Dreyling Mönkeberg Haferkorn Seewald"),
    "tr": ("Işık İlker Oğuz Çağrı Ümit Kağan", "Gülşen Ayşegül İpek Özge Şebnem Yıldız",
           "Karadağlı İnceoğlu Şahinbaş Çelikkol Yılmazer Gündoğan Işıldak Özbeyli"),
    "pl": ("Łukasz Zbigniew Paweł Grzegorz Wojciech Michał", "Małgorzata Elżbieta Łucja Agnieszka Bożena Żaneta",
           "Wiśnicki/Wiśnicka Żurawiecki/Żurawiecka Krzyżosiak Dąbrówka Łęcki/Łęcka Gołąbek Świderek Brzozowiak"),
    "da": ("Søren Jørgen Mads Rasmus Kåre Anders", "Mette Kirsten Åse Bodil Signe Birgitte",
           "Sørensby Østergård Højbjerg Kjærsholm Bækgaard Nørrelund Ravnskov Damsgård"),
    "no": ("Øyvind Håkon Torbjørn Sindre Pål", "Ingrid Solveig Åshild Ragnhild Marit",
           "Fjellstrøm Bråtenes Nesvåg Lillehaugen Sjøbakk Tveitøy"),
    "sv": ("Göran Håkan Björn Anders Åke Mårten", "Åsa Märta Lovisa Ingela Kerstin Elin",
           "Ljungfors Sjöcrantz Åkerhielmsson Björkvik Norrgård Strömsjö Lövdal Hägerby"),
    "fi": ("Väinö Jukka Mikko Pekka", "Päivi Säde Aino Riikka", "Järvikoski Mäkilampi Hämäläinpuro Lehtisaari Äijälä Kivimetsä"),
    "nl": ("Joost Maarten Sjoerd Pieter Bram Thijs", "Marijke Anneloes Femke Hanneke Saskia Liesbeth",
           "van_der_Zijden de_Wildeboer ter_Horstink van_'t_Hoff Broekhuijsen IJsselstra van_den_Eeckhout"),
    "fr": ("François Jean-Rémi Étienne Loïc Benoît Cédric Thibault Aurélien", "Hélène Anne-Gaëlle Noémie Françoise Sylvie Maëlys Clémence Agnès",
           "Lefèvre-Dubocq d'Estrival Beauchêne Garçonnet Tréguidic Péronnel Maçonnier Châtelard Rouvroy L'Hermineur Benaïssa Delacourtière"),
    "es": ("José_Ángel Íñigo Ramón Andrés Joaquín Gonzalo", "Begoña María_José Inés Núria Consuelo Rocío",
           "Muñiz_Arrabal Peñalver_Ortuño García-Mansilla_Rúa Ibáñez_Cordón Núñez_de_Balsa Llorens_i_Puig Echevarría_Solís Quiñones_Vega"),
    "pt": ("João Nuno Gonçalo Simão", "Conceição Inês Lurdes Fátima", "Magalhães_Brandão Assunção Falcão_Leitão Guimarãis Simões_da_Graça"),
    "it": ("Niccolò Giampaolo Ettore Matteo Raffaele Lapo", "Chiara Donatella Ilaria Mariangela Beatrice Fiorenza",
           "D'Ambrosetti Dell'Acquafresca Montebruno Cicognaro Pellegrinotti Sanseverati Lo_Cicerone Fumagallo"),
    "en": ("Alistair Duncan Graham Nigel Rhys Simon Callum Marcus Desmond", "Harriet Siobhán Philippa Gwendolyn Imogen Fiona Zoë Bronwen Chloë",
           "O'Rourkehan Ashdown-Pike MacAllenby Featherstall Pemberlow Thornbury Okonkwell St._Aldwyn Birtwhistler Llewelyn-Hart Cavendale Hollinsby"),
    "us": ("Travis Curtis DeShawn Brent Wesley Luis Randall Hector", "Latoya Brandi Meredith Guadalupe Kaitlyn Denise Shauna Rosalind",
           "Kowalczuk-Reed Vandermolen Castellanos Whitetree McElhattan Okafor-Lane Bergstrom Tillinghurst Delgado_Ruiz Nakagawara Stubblefield"),
    "cs": ("Jiří Řehoř Ondřej Zdeněk Luboš", "Ludmila Kateřina Zdeňka Růžena Štěpánka",
           "Dvořáček/Dvořáčková Hřebíček/Hřebíčková Žižkovský/Žižkovská Kučírek/Kučírková Šťastník/Šťastníková"),
    "vi": ("Văn_Hưng Đức_Anh Minh_Quân Quốc_Bảo", "Thị_Hương Ngọc_Ánh Bích_Thủy Thanh_Trúc",
           "Nguyễn Trần Đặng Phạm Huỳnh Võ"),
    "gr": ("Αλέξανδρος=alexandros Θεόδωρος=theodoros Στέλιος=stelios", "Ευγενία=evgenia Ασπασία=aspasia Καλλιόπη=kalliopi",
           "Μαυρογιάννης=mavrogiannis/Μαυρογιάννη=mavrogianni Λαμπρινός=lamprinos/Λαμπρινού=lamprinou Ξανθάκης=xanthakis/Ξανθάκη=xanthaki Θαλασσινός=thalassinos/Θαλασσινού=thalassinou"),
    "uk": ("Олексій=oleksii Тарас=taras Ярослав=yaroslav", "Соломія=solomiia Оксана=oksana Людмила=liudmyla",
           "Вербицький=verbytskyi/Вербицька=verbytska Ґудзенко=gudzenko Їжакевич=yizhakevych Дорошенченко=doroshenchenko"),
    "bg": ("Красимир=krasimir Стоян=stoyan", "Десислава=desislava Цветелина=tsvetelina",
           "Балканджиев=balkandzhiev/Балканджиева=balkandzhieva Щерев=shterev/Щерева=shtereva Ялъмов=yalamov/Ялъмова=yalamova"),
    "sr": ("Љубомир=ljubomir Ђорђе=djordje", "Његослава=njegoslava Јелица=jelica", "Цветићанин=cveticanin Џелетовић=dzeletovic Моравчанин=moravcanin"),
    "ar": ("خالد=khaled يوسف=youssef عبد_الرحمن=abdelrahman طارق=tarek", "ليلى=layla نور=nour سلمى=salma هناء=hanaa",
           "المنصوري_الشاطر=almansouri البحيري=albeheiry القاسمابي=alqasimabi الشريفاوي=alsherifawi النجارين=alnaggarin"),
    "ja": ("健太=kenta 浩司=koji 翔太=shota 直樹=naoki", "美咲=misaki 由紀子=yukiko さくら=sakura 陽子=yoko",
           "北沢=kitazawa 湊=minato 高瀬川=takasegawa 桐野=kirino 渡会=watarai 斎宮=saigu"),
    "ko": ("민준=minjun 성호=seongho 재혁=jaehyeok", "서연=seoyeon 지은=jieun 하늘=haneul", "김=kim 선우=seonwoo 남궁=namgung 황보=hwangbo 도=do"),
    "zh": ("志强=zhiqiang 建华=jianhua 宇轩=yuxuan 明远=mingyuan", "晓梅=xiaomei 丽娟=lijuan 雨桐=yutong 静怡=jingyi",
           "欧阳=ouyang 司徒=situ 闻=wen 诸葛=zhuge 陆=lu 上官=shangguan"),
}

CULTURES = {
    "DE": [("de", 78), ("tr", 7), ("pl", 6), ("vi", 3), ("it", 3), ("en", 3)], "AT": [("de", 80), ("cs", 10), ("tr", 10)],
    "CH": [("de", 70), ("it", 15), ("fr", 15)], "FR": [("fr", 90), ("pt", 5), ("vi", 5)], "GB": [("en", 82), ("pl", 9), ("fr", 4), ("vi", 5)],
    "IE": [("en", 85), ("pl", 15)], "US": [("us", 88), ("vi", 7), ("es", 5)], "ES": [("es", 100)], "PT": [("pt", 100)], "IT": [("it", 100)],
    "PL": [("pl", 100)], "DK": [("da", 92), ("tr", 8)], "SE": [("sv", 88), ("fi", 12)], "NO": [("no", 90), ("pl", 10)],
    "FI": [("fi", 88), ("sv", 12)], "NL": [("nl", 85), ("tr", 8), ("de", 7)], "BE": [("nl", 50), ("fr", 50)], "CZ": [("cs", 94), ("vi", 6)],
    "TR": [("tr", 100)], "GR": [("gr", 100)], "UA": [("uk", 100)], "BG": [("bg", 100)], "RS": [("sr", 100)], "AE": [("ar", 100)],
    "EG": [("ar", 100)], "JP": [("ja", 100)], "KR": [("ko", 100)], "CN": [("zh", 100)], "VN": [("vi", 100)], "AU": [("en", 85), ("vi", 15)],
}
LANGUAGE = {"DE": "de", "AT": "de-AT", "CH": "de-CH", "FR": "fr", "GB": "en-GB", "IE": "en-IE", "US": "en-US", "ES": "es", "PT": "pt",
            "IT": "it", "PL": "pl", "DK": "da", "SE": "sv", "NO": "nb", "FI": "fi", "NL": "nl", "BE": "nl-BE", "CZ": "cs", "TR": "tr",
            "GR": "el", "UA": "uk", "BG": "bg", "RS": "sr", "AE": "ar", "EG": "ar", "JP": "ja", "KR": "ko", "CN": "zh-Hans", "VN": "vi",
            "AU": "en-AU"}
SALUTATION = {"de": ("Herr", "Frau"), "fr": ("M.", "Mme"), "es": ("Sr.", "Sra."), "it": ("Sig.", "Sig.ra"), "pl": ("Pan", "Pani"),
              "cs": ("Pan", "Paní"), "en": ("Mr", "Ms"), "pt": ("Sr.", "Sra."), "nl": ("Dhr.", "Mevr."), "da": ("Hr.", "Fru"),
              "tr": ("Bay", "Bayan"), "el": ("κ.", "κα"), "uk": ("пан", "пані"), "bg": ("г-н", "г-жа"), "sr": ("г.", "гђа"),
              "ar": ("السيد", "السيدة"), "ja": ("様", "様"), "ko": ("님", "님"), "zh": ("先生", "女士"), "vi": ("Ông", "Bà")}
MIDDLE = {"en": ("James Edmund Rupert", "Rose Edith Maeve"), "us": ("J. Lee Ray Dean", "Ann Marie M. Jo"), "de": ("Maria Heinrich Wilhelm", "Maria Luise Charlotte"),
          "fr": ("Marie Henri", "Marie Jeanne"), "nl": ("Willem Hendrik", "Maria Johanna")}

# Job titles (male form / female form where they differ), with the department.
JOBS = {
    "de": ["Einkaufsleiter/Einkaufsleiterin=Einkauf", "Leiter Instandhaltung/Leiterin Instandhaltung=Instandhaltung", "Betriebsleiter/Betriebsleiterin=Produktion",
           "Projektingenieur/Projektingenieurin=Technik", "Geschäftsführer/Geschäftsführerin=Geschäftsleitung", "Facility Manager/Facility Managerin=Gebäudetechnik",
           "Sachbearbeiter Rechnungen/Sachbearbeiterin Rechnungen=Buchhaltung", "Fachkraft für Arbeitssicherheit=Arbeitssicherheit", "Elektromeister/Elektromeisterin=Instandhaltung",
           "Assistent der Geschäftsleitung/Assistentin der Geschäftsleitung=Geschäftsleitung", "Energiemanager/Energiemanagerin=Technik", "Schichtleiter/Schichtleiterin=Produktion"],
    "fr": ["Responsable achats=Achats", "Directeur technique/Directrice technique=Technique", "Responsable maintenance=Maintenance", "Chef de projet/Cheffe de projet=Travaux neufs",
           "Comptable fournisseurs=Comptabilité", "Directeur de site/Directrice de site=Direction", "Responsable QSE=Qualité et sécurité", "Électricien d'atelier/Électricienne d'atelier=Maintenance"],
    "es": ["Jefe de compras/Jefa de compras=Compras", "Director de planta/Directora de planta=Producción", "Responsable de mantenimiento=Mantenimiento",
           "Ingeniero de proyectos/Ingeniera de proyectos=Ingeniería", "Administración de proveedores=Contabilidad", "Gerente=Dirección"],
    "it": ["Responsabile acquisti=Acquisti", "Direttore di stabilimento/Direttrice di stabilimento=Produzione", "Capo manutenzione=Manutenzione",
           "Progettista illuminotecnico/Progettista illuminotecnica=Progettazione", "Contabilità fornitori=Amministrazione", "Amministratore delegato/Amministratrice delegata=Direzione"],
    "pl": ["Kierownik zakupów/Kierowniczka zakupów=Zakupy", "Kierownik utrzymania ruchu/Kierowniczka utrzymania ruchu=Utrzymanie ruchu", "Dyrektor zakładu/Dyrektorka zakładu=Zarząd",
           "Inżynier projektu/Inżynierka projektu=Technika", "Księgowy/Księgowa=Księgowość"],
    "en": ["Procurement Manager=Procurement", "Facilities Manager=Facilities", "Maintenance Engineer=Maintenance", "Operations Director=Operations", "Health and Safety Officer=Health and safety",
           "Accounts Payable Clerk=Finance", "Managing Director=Management", "Project Engineer=Engineering", "Energy Manager=Facilities", "Warehouse Manager=Operations",
           "Electrical Supervisor=Maintenance", "Executive Assistant=Management", "Chief Financial Officer=Finance", "Site Manager=Operations", "IT Infrastructure Lead=IT"],
}

PEOPLE_NOTES = [
    "Prefers a call before ten o'clock.", "Wants drawings as DWG, not as PDF.", "Decides together with the works council.",
    "Met at the stand in Frankfurt, asked for the emergency lighting brochure.", "Speaks good English and some German.",
    "Out of office on Fridays.", "Very interested in tunable white for the assembly line.", "Only reachable by mobile during the night shift.",
    "Please send offers with the framework contract number on page one.", "Site access needs a safety induction of 20 minutes.",
    "Knows our Fjord line from the previous employer.", "Asks for spare part prices with every quotation.", "Tenders everything above 50,000.",
    "Plant closes for three weeks in August.", "Is preparing the ISO 50001 audit.", "Likes to compare three variants, keep the table short.",
    "Invoices must carry the cost centre, otherwise they come back.", "Our reference for the cold store project.",
    "Takes over from a colleague who retires in spring.", "Parking only behind the weighbridge; register the number plate.",
    "Asked us not to send the newsletter twice.", "Met on the ferry to Gothenburg, of all places.", "Runs the trial installation in aisle 14.",
    "Do not ring on market days.", "Careful: there are two sites with almost the same name.",
]
PEOPLE_TAGS = ["decision maker", "technical contact", "billing contact", "newsletter", "trade fair 2026", "key contact", "site contact", "specifier", "vip", "ISO 50001"]

# Private streets for households: country, city, postal code, region, street.
HOMES = [
    ("DE", "Berlin", "12049", "Berlin", "Weisestraße 814"), ("DE", "Hamburg", "22765", "Hamburg", "Große Brunnenstraße 731"),
    ("DE", "München", "81541", "Bayern", "Sommerstraße 912"), ("DE", "Köln", "50823", "Nordrhein-Westfalen", "Körnerstraße 918"),
    ("GB", "London", "SE15 4QT", "Greater London", "912 Bellenden Road"), ("GB", "Leeds", "LS6 1BL", "West Yorkshire", "Flat 7, 914 Cardigan Lane"),
    ("FR", "Nantes", "44000", "Pays de la Loire", "712 bis rue de Coulmiers"), ("IT", "Milano", "20136", "Lombardia", "Via Vigevano 941"),
    ("US", "Milwaukee", "53202", "WI", "9117 N Humboldt Blvd, Apt 4B"), ("SE", "Göteborg", "413 08", "Västra Götaland", "Linnégatan 917 lgh 1203"),
    ("PL", "Warszawa", "03-742", "mazowieckie", "ul. Brzeska 914 m. 6"), ("DK", "Aarhus", "8000", "Midtjylland", "Mejlgade 918, 2. tv."),
]

FOLD = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ø": "oe", "å": "aa", "æ": "ae", "ł": "l", "Ł": "l", "đ": "d", "Đ": "d",
                      "ı": "i", "İ": "i", "Ä": "ae", "Ö": "oe", "Ü": "ue", "Ø": "oe", "Å": "aa", "'": "", ".": "", "’": ""})


def ascii_local(text):
    text = unicodedata.normalize("NFKD", text.translate(FOLD).lower())
    text = "".join(c for c in text if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9-]+", "", text.replace(" ", "-"))


def split_name(raw):
    shown, _, latin = raw.partition("=")
    shown = shown.replace("_", " ")
    return shown, ascii_local(latin or shown)


def draw_name(culture, female):
    men, women, family = NAMES[culture]
    given = split_name(RNG.pick((women if female else men).split()))
    forms = RNG.pick(family.split()).split("/")
    return given, split_name(forms[-1] if female else forms[0])


# ---------------------------------------------------------------------------
# Stages and deals
# ---------------------------------------------------------------------------

STAGES = [
    ("New business", "Qualification", 1, 10, "pipeline", "open", 30, "organisation_key"),
    ("New business", "Site survey", 2, 25, "pipeline", "open", 45, "organisation_key;primary_contact_key"),
    ("New business", "Proposal", 3, 50, "best_case", "open", 30, "organisation_key;primary_contact_key;amount;expected_close_date"),
    ("New business", "Negotiation", 4, 75, "best_case", "open", 21, "amount;expected_close_date;next_step"),
    ("New business", "Verbal agreement", 5, 90, "commit", "open", 14, "amount;expected_close_date;next_step"),
    ("New business", "On hold", 6, 20, "omitted", "on_hold", 90, "next_step"),
    ("New business", "Won", 7, 100, "closed", "won", "", "amount;closed_date"),
    ("New business", "Lost", 8, 0, "omitted", "lost", "", "closed_date;lost_reason"),
    ("Service contracts", "Enquiry", 1, 20, "pipeline", "open", 30, "organisation_key"),
    ("Service contracts", "Offer sent", 2, 50, "best_case", "open", 30, "amount;expected_close_date"),
    ("Service contracts", "Terms agreed", 3, 85, "commit", "open", 14, "amount;expected_close_date;primary_contact_key"),
    ("Service contracts", "Signed", 4, 100, "closed", "won", "", "amount;closed_date"),
    ("Service contracts", "Not renewed", 5, 0, "omitted", "lost", "", "closed_date;lost_reason"),
]
DEAL_PLAN = [("New business", "Qualification", 25), ("New business", "Site survey", 17), ("New business", "Proposal", 15), ("New business", "Negotiation", 10),
             ("New business", "Verbal agreement", 6), ("New business", "On hold", 5), ("New business", "Won", 27), ("New business", "Lost", 35),
             ("Service contracts", "Enquiry", 9), ("Service contracts", "Offer sent", 7), ("Service contracts", "Terms agreed", 4),
             ("Service contracts", "Signed", 13), ("Service contracts", "Not renewed", 7)]

DEAL_NAMES = [
    "LED retrofit, production hall {n}", "High-bay lighting for the new warehouse", "Emergency lighting renewal", "Lighting controls, phase {p}",
    "Yard and loading bay floodlights", "Cold store luminaires at −28 °C", "Zone 2 luminaires for the paint shop", "Presence sensors, offices level {p}",
    "Tunable white for the assembly line", "Clean room panels, ISO class 7", "Replacement of sodium lamps", "Lumo-Bus gateways and commissioning",
    "Trial installation, aisle {n}", "Canteen and changing rooms", "Inspection lighting for quality control", "Façade and entrance lighting",
    "Framework agreement 2027–2029", "Daylight control for the north roof", "Crane runway lighting", "Rack aisle lighting, {n} aisles",
    "Wash-down luminaires IP69K", "Staircases and escape routes", "Energy monitoring add-on", "Car park, {p} decks", "Laboratory extension, building {b}",
    "Fluorescent ban: replacement programme", "Machine lights, {n} work stations", "Tunnel between halls {n} and {b}",
]
SERVICE_NAMES = [
    "Maintenance contract {y}", "Service contract Plus, {p} sites", "Emergency lighting test contract", "24/7 hotline and spare parts",
    "Remote monitoring, Lumo-Bus", "Extended warranty to 10 years", "Annual relamping and cleaning", "Software care, control system {y}", "Calibration of light sensors",
]
LOST_REASONS = [("price", 30), ("no budget", 20), ("competitor", 22), ("delivery time", 8), ("project cancelled", 12), ("no decision", 8)]
COMPETITORS = ["Luxaron Systems", "Brightmere Controls", "Ostlicht Industrie", "Vantorra Lighting", "Lumeyra Italia", "in-house team"]
NEXT_STEPS = {
    "Qualification": ["Book the site survey", "Ask for the as-built drawings", "Send references from food production", "Call about the mounting height", "Find out who decides"],
    "Enquiry": ["Ask for the list of installed luminaires", "Call about the wanted response times", "Book a visit to see the installation"],
    "Site survey": ["Write the minutes of the survey", "Prepare the light plan", "Ask for the as-built drawings", "Agree the test installation", "Measure the packing area again",
                    "Call about the mounting height"],
    "Proposal": ["Send revised light plan", "Present to the plant management", "Send the energy saving calculation", "Bring two samples to the meeting", "Offer variant with sensors",
                 "Wait for the budget meeting"],
    "Offer sent": ["Call about the offer", "Offer variant with hotline", "Explain the response times to purchasing"],
    "Negotiation": ["Clarify the warranty wording", "Discuss payment terms with finance", "Check the delivery date with planning", "Follow up after the works council",
                    "Agree the price adjustment clause"],
    "Verbal agreement": ["Get the signed purchase order", "Confirm the crane and lift hire", "Check the credit limit", "Confirm the delivery week"],
    "Terms agreed": ["Send the contract for signature", "Get the purchase order number"],
    "On hold": ["Ask again after the budget round", "Wait for the building permit", "Customer is looking for a new site manager"],
}
# Words in the name of a deal that fit only some industries.
FITS = [
    ("Clean room", ("Clean room", "Pharmaceuticals", "Health care", "Watchmaking", "Aerospace")),
    ("Cold store", ("Cold storage", "Food production", "Logistics", "Brewing", "Aquaculture")),
    ("Wash-down", ("Food production", "Brewing", "Beverages", "Aquaculture", "Cold storage")),
    ("Crane", ("Shipbuilding", "Mechanical engineering", "Steel trade", "Metalworking", "Foundry", "Rail", "Glass", "Paper")),
    ("Zone 2", ("Chemicals", "Mechanical engineering", "Shipbuilding", "Aerospace", "Rail", "Pharmaceuticals")),
    ("assembly line", ("Mechanical engineering", "Aerospace", "Watchmaking", "Metalworking", "Electrical engineering", "Rail", "Tool making")),
    ("Machine lights", ("Mechanical engineering", "Metalworking", "Watchmaking", "Tool making", "Joinery", "Printing", "Textiles", "Aerospace")),
    ("Laboratory", ("Chemicals", "Pharmaceuticals", "Health care", "Education", "Food production", "Glass", "Ceramics")),
    ("production hall", ("Mechanical engineering", "Food production", "Packaging", "Chemicals", "Paper", "Textiles", "Glass", "Ceramics", "Metalworking", "Foundry", "Timber")),
    ("Rack aisle", ("Logistics", "Cold storage", "Retail", "Electrical wholesale", "Steel trade")),
    ("warehouse", ("Logistics", "Retail", "Electrical wholesale", "Food production", "Brewing", "Beverages", "Paper", "Timber", "Agriculture", "Horticulture", "Chemicals")),
    ("loading bay", ("Logistics", "Retail", "Cold storage", "Food production", "Brewing", "Paper", "Timber", "Steel trade", "Agriculture", "Horticulture", "Shipbuilding")),
    ("Inspection", ("Mechanical engineering", "Textiles", "Glass", "Ceramics", "Aerospace", "Watchmaking", "Printing", "Packaging", "Metalworking", "Paper")),
    ("Tunnel", ("Chemicals", "Mining", "Paper", "Shipbuilding", "Health care", "Rail")),
]
LARGE = ("Framework", "Fluorescent ban", "High-bay", "LED retrofit", "Lighting controls")


def fits(title, org, amount):
    if any(word in title and org["industry"] not in industries for word, industries in FITS):
        return False
    if amount >= 400000:
        return title.startswith(LARGE)
    return amount >= 20000 or not title.startswith(("Framework", "Fluorescent ban", "High-bay"))


CONTACT_ROLES = [("decision maker", 30), ("technical evaluator", 24), ("buyer", 22), ("influencer", 14), ("end user", 10)]

# ---------------------------------------------------------------------------
# Activities
# ---------------------------------------------------------------------------

CALLS = [
    ("Call about the quotation", "Went through the positions one by one. Sensors are wanted as an option, not in the base price."),
    ("First call after the trade fair", "Friendly call. Two halls from 1998, still fluorescent. Wants a rough figure before the survey."),
    ("Asked for the delivery date", "Goods must be on site before the shutdown. Planning confirms calendar week 50."),
    ("Reminder of the open offer", "Budget round is next week; call again after that."),
    ("Discussed the mounting height", "Crane rail is lower than drawn: 9.4 m instead of 11 m. Optics must change to wide beam."),
    ("Talked about the payment terms", "Asks for 45 days instead of 30. Promised an answer after talking to finance."),
    ("Voicemail, asked to ring back", "Left a message with the reference number."),
    ("Price discussion", "Competitor is about 6 % lower, but without controls. Stressed the energy figures."),
    ("Clarified the emergency lighting scope", "Central battery stays, only the luminaires are replaced."),
    ("Call with the electrical contractor", "Contractor needs the terminal plan and the inrush current per circuit."),
    ("Satisfaction call after commissioning", "Very happy with the light, dimming at the packing line is still too slow."),
    ("Renewal of the service contract", "Wants to keep the price for another year; considers the hotline option."),
    ("Call about missing data sheets", "Sent the photometric files while still on the phone."),
    ("Introduced myself as the new contact", "Short call, all projects handed over."),
]
MEETINGS = [
    ("Site survey", "Walk through the halls with the maintenance team; measure 24 points, take photographs of the trunking."),
    ("Presentation of the light plan", "Show three variants with energy and maintenance costs over ten years."),
    ("Kick-off of the trial installation", "Agree aisle, dates, measuring points and who switches off the power."),
    ("Negotiation of the framework agreement", "Volumes, price adjustment clause, spare parts for 15 years."),
    ("Video call: controls architecture", "How many gateways, which network, who gives out the addresses."),
    ("Lunch with the plant manager", "No agenda; hear how the expansion is going."),
    ("Factory visit in Berlin", "Tour through assembly and the light laboratory, then the meeting on samples."),
    ("Handover of the installation", "Check list, training of the night shift, signatures."),
    ("Quarterly review", "Open cases, deliveries in the quarter, outlook."),
    ("Workshop on escape routes", "With the fire safety officer; walk the routes with the plan in hand."),
    ("Demonstration of the control app", "Scenes, groups, rights of the shift leaders."),
    ("Meeting at the trade fair stand", "Half an hour is booked at the stand, hall 8."),
]
TASKS = [
    ("Send the revised quotation", "Take out position 7, add two gateways."), ("Prepare the light calculation", "Target 300 lx, uniformity 0.6, mounting height from the survey."),
    ("Ask planning for a delivery date", "Partial delivery is acceptable for the floodlights."), ("Order samples", "Two wide beam, one narrow beam, grey housing."),
    ("Check the credit limit", "New order would exceed the present limit."), ("Write the minutes of the site survey", "Photographs are in the project folder."),
    ("Send references", "Preferably food production with wash-down."), ("Update the contact data", "New mobile number was mentioned in the last e-mail."),
    ("Send the contract for signature", "Two copies, ask for the purchase order number."), ("Answer the tender questions", "Questions 4, 9 and 13 need the laboratory."),
    ("Follow up on the open invoice", "Second reminder went out last week."), ("Register the project discount", "Valid for six months."),
    ("Translate the operating instructions", "Pages 3 to 9 are enough for the handover."), ("Book the lift for the installation", "Scissor lift, 12 m, indoor tyres."),
    ("Plan the annual emergency light test", "Outside working hours, maintenance must be present."), ("Thank-you note for the referral", "Handwritten, please."),
]
NOTES = [
    ("Note from the gate", "Main entrance is closed until spring, use gate 4."), ("Change in the organisation", "Purchasing moves to the head office from January."),
    ("Energy price", "They pay 19 cents at present; the contract ends in December."), ("Competitor on site", "Saw samples of a competitor in the meeting room."),
    ("Works council", "Insists on glare values below 19 in the packing area."), ("Good news", "The board has approved the first phase."),
    ("Old installation", "58 W fluorescent, magnetic ballast, about 640 pieces."), ("Holiday closure", "Plant is closed from 21 December to 8 January."),
    ("Delivery address", "Deliveries only between 6 and 11 a.m., tail lift needed."), ("Wish list", "Would like a dashboard for burning hours per aisle."),
    ("Insurance", "Insurer asks for a new emergency lighting concept."), ("Drawing received", "As-built drawing is from 2009, mezzanine is missing."),
]


# ---------------------------------------------------------------------------
# Service cases.  One block per scenario:
#   category | queue | priority | language | subject
#   description
#   R: requester   A: agent   I: internal note of an agent
# ---------------------------------------------------------------------------

SCENARIOS = """
Defect|Technical support|high|en|Half of the high bays in hall {hall} stay dark after the weekend
Since Monday morning 14 of 28 Polar HB-200 luminaires in hall {hall} no longer switch on. The breakers are in. We have not changed anything.
A: Good morning, are the dark luminaires all on the same Lumo-Bus segment? A photograph of the gateway LEDs would help.
R: Yes, all on segment B. The second LED blinks red, three times.
I: Three red blinks is a bus short. Had the same at the cold store in spring, it was water in a junction box.
A: That points to a short on segment B. Please disconnect the last junction box in the aisle and tell me whether the LED turns green.
R: Found it: the forklift had pinched the cable at column 12. All lights are back.

Defect|Technical support|urgent|en|Complete failure of the lighting control in warehouse {hall}
No wall panel reacts, all luminaires burn at 100 %. The night shift is asking for dimmed aisles again. Serial number of the gateway: {serial}.
A: I can see that gateway {serial} has not reported since 02:14. Please switch it off for 30 seconds and on again.
R: Done. The display shows "boot loader".
I: Firmware update broke off at 61 %. Recovery image needed, remote access is possible.
A: The last update did not finish. With your permission we load the recovery image by remote access at 18:00.

Defect|Technical support|normal|en|Luminaire {prod} flickers when the crane starts
Whenever the 12 t crane lifts, the luminaires above bay {n} flicker for about a second. People complain of headaches.
A: Thank you for the video. Is the lighting on the same sub-distribution as the crane drive?
R: It is, unfortunately. The electrician measured a drop to 196 V.
A: Our drivers are specified down to 198 V. We suggest a separate circuit; as an interim step the driver type -W accepts 170 V.

Defect|Technical support|normal|en|Water inside {n} luminaires after cleaning
After the weekly wash-down we find drops behind the glass of {n} pieces of the IP69K luminaire in the filling area.
A: Could you send the date code (inside the cover) of three of them? Also the pressure of the cleaner, please.
R: Date code 24-31 on all three. Cleaner at 110 bar, distance half a metre.
I: 24-31 is the lot with the short gasket. Replacement free of charge, see internal bulletin 17.
A: These are from a lot with a known gasket fault. We replace all {n} free of charge and pay for the lift.

Defect|Technical support|low|en|One luminaire hums in the meeting room
The linear luminaire nearest the window hums at low dimming levels. It is not dangerous, just annoying during calls.
A: That is usually the driver. I can send a replacement, ten minutes with a screwdriver.
R: Please do. Our electrician is in the house on Thursdays.

Defect|Technical support|high|en|Emergency luminaires fail the three-hour test
In the yearly test {n} escape route luminaires went dark after less than two hours. The fire officer wants a written answer.
A: How old are the batteries? The installation date is printed on the inside of the cover.
R: Installed in November 2021, all of them.
A: At 30 °C ambient five years is the end of their life. I attach a quotation for the batteries and the statement for the fire officer.
R: Thank you, the statement was exactly what we needed.

Controls|Technical support|normal|en|Presence sensor does not see people in aisle {n}
In aisle {n} the light goes out while the pickers are still working there. They wave at the ceiling all day.
A: What is the mounting height? The Sensa P7 covers 12 m only with the high-bay lens.
R: 13.5 m. And I believe the lens is the flat one.
A: Then the lens is the reason. Two high-bay lenses are on their way.

Controls|Technical support|normal|en|How do I add a second wall panel to group {n}?
We have mounted a new Tromsø panel next to the side gate. It should control group {n} as well, but I cannot find the menu.
A: In the app: Installation, Panels, Add, then hold both upper keys for five seconds. The panel blinks blue; choose group {n}.
R: Worked at once. Perhaps put the picture with the two keys into the manual?
I: Good idea, passed to documentation.

Controls|Technical support|low|en|Scene "Cleaning" switches back too early
The cleaning crew needs about 90 minutes, but the scene falls back to "Night" after an hour.
A: The hold time of a scene is set to 60 minutes at the factory. I can change it remotely, is 120 minutes right?
R: 100 would be ideal, thanks.

Controls|Technical support|normal|en|App shows the gateway {serial} as offline
Our gateway works (the panels react) but the app says offline since the network team changed the firewall.
A: The gateway needs outgoing port 8883. Could you ask your network team to allow it?
R: They say it is open now, still offline.
A: Then it is the name service. Please give the gateway a fixed name server, page 22 in the manual.
R: That was it. Green again.

Controls|Technical support|normal|en|Daylight control too dark on cloudy days
On grey days the north side falls below 300 lx. We measured 240 lx at the inspection table.
A: The sensor looks at the white wall, which is brighter than your table. Please turn it by 30 degrees and calibrate at dusk.

Controls|Technical support|high|en|Shift leaders locked out of the control app
Since the password rule was changed none of our six shift leaders can log in. The lights cannot be dimmed for the film shoot tonight.
A: I have reset the six accounts. Each of them gets an e-mail with a link that is valid for two hours.
R: Five of six are in. The last one has a new address.
A: Address changed, link sent again.

Controls|Technical support|low|en|Export of the energy report as a spreadsheet
Is there a way to export the monthly energy report by aisle? We need it for the ISO 50001 audit.
A: Yes, Reports, Energy, then the small arrow at the top right. The file has one row per aisle and day.
R: Found it, thank you.

Installation|Technical support|normal|en|Terminal plan for {prod}
The electrician cannot find the terminal plan for {prod}. Which terminal is the emergency phase?
A: Terminal 4 is the unswitched emergency phase; the plan is attached.

Installation|Technical support|normal|en|Inrush current per circuit for {n} luminaires
We plan {n} pieces of {prod} on one circuit with a 16 A type B breaker. Is that allowed?
A: With type B you may connect 11, with type C 18. For more please use two circuits or the inrush limiter.
R: We go for two circuits then.

Installation|Technical support|low|en|Suspension wire too short for the new roof
The roof of the extension is 1.2 m higher than planned. Can we get longer wires for {n} luminaires?
A: Three metre sets are in stock. Shall I send {n} sets to the site?
R: Yes please, gate 3, to the attention of the site office.

Installation|Technical support|normal|en|Mounting on a trapezoidal sheet roof
Which bracket do we need for a trapezoidal sheet with 85 mm depth? The structural engineer asks for the load per point.
A: Bracket TB-85, load 0.12 kN per point with a safety factor of three. The certificate is attached.

Installation|Technical support|high|en|Commissioning in week {week}: who comes?
The hall is handed over in week {week} and we still have no name for the commissioning engineer. We need it for the safety induction.
A: Deniz Yıldırım will come on Tuesday, 8:00. I send the certificates for the induction today.
R: Received. Please bring safety shoes and a helmet.
I: Hotel booked, tool case 4.

Delivery|Deliveries|high|en|Order {order}: two pallets are missing
The lorry came this morning with four of six pallets. The driver knew nothing of the others. Our fitters start tomorrow.
A: I am sorry. The two pallets are still in Hanover; I have ordered a direct run for tonight.
R: What time tomorrow?
A: Between six and seven. The driver rings half an hour before.
R: Arrived 6:40, all complete.

Delivery|Deliveries|normal|en|Please move the delivery of {order} to week {week}
The floor of the hall will not be dry in time. Can you keep the goods until week {week}?
A: Moved to week {week}. Storage is free for four weeks.
R: Great, thank you for the uncomplicated help.

Delivery|Deliveries|normal|en|Damaged packaging, order {order}
{n} boxes are crushed at one corner. We accepted the delivery with a remark on the freight note.
A: Thank you for the remark on the freight note, that helps a lot. Are the luminaires inside damaged?
R: Three housings are bent, the rest look fine.
A: Three replacements leave tomorrow. Please keep the bent ones for the carrier's expert.

Delivery|Deliveries|low|en|Where is my parcel? Order {order}
The tracking page has shown "in transit" for five days.
A: The parcel was at the wrong depot. It is out for delivery today.
R: Just arrived.

Delivery|Deliveries|normal|en|Wrong colour temperature delivered with {order}
We ordered 4000 K and received 5000 K. The boxes are labelled correctly, so it must be the order.
A: You are right, the fault is in our order confirmation. Exchange by forwarding agent next Wednesday?
R: Wednesday is fine, until 11 a.m.
I: Article text of the quotation was copied from the old project. Told sales.

Delivery|Deliveries|normal|en|Delivery note without customer article numbers
Goods-in cannot book order {order}, because our article numbers are missing on the delivery note.
A: Sorry for that. The corrected delivery note is attached, and the numbers are now stored for all further orders.

Delivery|Deliveries|high|en|Customs papers for {order}
The shipment is waiting at the border. The broker asks for the statement of origin and the commodity code.
A: Both attached: commodity code 9405 42, statement of origin on the commercial invoice.
R: Released this afternoon, thank you.

Delivery|Deliveries|low|en|Pick-up of empty cable drums
Eleven empty drums are standing in our yard. When can you collect them?
A: Next tour is in week {week}. Please put them near the gate.

Invoice|Invoicing|normal|en|Invoice {inv} shows the wrong cost centre
Our system rejects invoice {inv}: cost centre 4711 is closed, it must be 4820.
A: Corrected invoice attached, the first one is cancelled.
R: Booked, thanks.

Invoice|Invoicing|normal|en|Double charge for freight on {inv}
Freight is on the invoice twice, position 9 and 14. We ask for a credit note.
A: You are right. Credit note over 186.40 is on the way.

Invoice|Invoicing|low|en|Please send invoices to a new address
From the first of next month please send all invoices to accounts-payable at our domain only, as PDF and XML.
A: Changed as from the first. You will get a test invoice today.
R: Test arrived and was read without errors.

Invoice|Invoicing|high|en|Reminder received although {inv} was paid
We paid invoice {inv} three weeks ago and now receive a second reminder with charges. Please check.
A: The payment carried the number of an older invoice and was booked there. I have cleared it, and the reminder is void.
R: Fine. Please send a written confirmation for the auditor.
A: Confirmation attached.

Invoice|Invoicing|normal|en|Value added tax on a delivery to our site abroad
Invoice {inv} carries value added tax although the goods went straight to our plant abroad.
A: Could you send us the VAT number of the receiving plant? Then we write a new invoice without tax.
R: I have asked our tax department and come back to you.

Invoice|Invoicing|normal|en|Instalment plan for order {order}
Could we pay {order} in three instalments, the last one after acceptance?
A: Finance agrees: 40 % now, 40 % at delivery, 20 % after acceptance.
R: Perfect, that matches our budget years.

Spare parts|Spare parts|normal|en|Driver for {prod}, no longer in the catalogue
We need {n} drivers for {prod}, bought in 2016. The catalogue does not list them any more.
A: The successor fits with an adapter plate. Price and data sheet attached.
R: Please send {n} pieces to the plant.

Spare parts|Spare parts|low|en|Glass cover for one floodlight
A stone has broken the cover of one yard floodlight. Can we have just the glass?
A: Yes, article 77-2210, in stock. Do not forget the gasket.

Spare parts|Spare parts|normal|en|Lenses narrow beam, {n} pieces
After moving the racks we need narrow beam optics for {n} luminaires. Can they be changed on site?
A: They can, four screws per lens. A short film shows how.
R: Tried the first one: eight minutes including the lift.

Spare parts|Spare parts|high|en|Urgent: fuse set for distribution panel
The fuse set for the panel in the paint shop is used up. Production stands still on line 2.
A: One set leaves by courier in 20 minutes; it should be with you at 15:00.
R: It is here. Thank you, that was quick.

Spare parts|Spare parts|low|en|Battery packs for the Kite E3 kit: which type?
The label on the pack cannot be read any more. Which type do we order?
A: NiMH 4.8 V 4 Ah with the blue plug, article 77-3391.

Warranty|Technical support|normal|en|Warranty claim for {n} luminaires, order {order}
{n} luminaires of order {order} have failed within two years. We ask for replacement under the ten-year warranty.
A: The warranty is registered. Please return two of them for analysis; the replacements leave at once.
I: Laboratory: surge damage in both. Still replaced, goodwill.
A: The laboratory found surge damage. We replace them as goodwill and recommend surge protection type 2.

Warranty|Technical support|low|en|Is the warranty kept if we paint the housings?
The architect wants the housings in RAL 7016. Do we lose the warranty when they are painted on site?
A: Painting on site closes the cooling fins, so yes. We can deliver in RAL 7016 ex works, delivery time three weeks.
R: Then we order them painted.

Warranty|Technical support|normal|en|Colour shift after one year in the showroom
The luminaires above the entrance look greenish compared with the others.
A: Are they above the oven outlet? Sulphur in the air can cause this. We would like to have one for the laboratory.
R: There is a tyre store below. I send you one.

Product question|Technical support|low|en|Is {prod} approved for −30 °C?
We extend the deep freeze store and want to use {prod} at −30 °C.
A: Approved from −35 °C with the driver type C. Please order with the suffix -35.

Product question|Technical support|low|en|Photometric files for {prod}
Our lighting designer needs the files in the usual formats (LDT, IES, ULD).
A: All three are attached. They are also in the download area under the article number.
R: Imported without a problem.

Product question|Technical support|normal|en|Glare value for packing tables
The works council asks for UGR 19 or less at the packing tables. Which optics do you recommend?
A: With the micro-prism cover you reach 18.2 at your mounting height. Calculation attached.

Product question|Technical support|low|en|Can the light pulse instead of a siren?
In the noisy area nobody hears the alarm. Can the luminaires blink when the alarm contact closes?
A: Yes, with input 2 of the gateway. Blinking is limited to 1 Hz, so that nobody is endangered.
R: We try it on Saturday.

Product question|Technical support|normal|en|Insects and wavelength: luminaires for the bakery door
The food inspector recommends light that attracts fewer insects near the goods-in door.
A: The amber version of the Skagen is the right one, below 2200 K. Two samples are on the way.
R: The samples do their job. Please quote {n} pieces.

Complaint|Technical support|high|en|Fitters left the site without cleaning up
Your subcontractor left packaging and cable scraps in hall {hall}. We had to stop a forklift.
A: I apologise. The company comes back this afternoon, and I have spoken to the foreman.
R: Everything is tidy now. Please make sure it does not happen again.

Complaint|Deliveries|normal|en|Nobody answered the hotline on Friday
I waited 25 minutes on Friday afternoon and then gave up.
A: We had two people off sick and should have switched on the recorded message. I am sorry. How can I help now?
R: It is solved, our electrician knew the answer. I only wanted to tell you.

Complaint|Technical support|normal|en|Light is too cold in the break room
Since the conversion the break room feels like an operating theatre. The staff want the old light back.
A: May I suggest 3000 K panels? We exchange them at half price.
R: The team voted: 3000 K, unanimously.

Maintenance|Service contracts|normal|en|Date for the yearly maintenance
Our contract provides for maintenance before the end of the quarter. Please suggest two dates.
A: Tuesday or Thursday of week {week}, from 7:00. We need a lift and one of your electricians.
R: Thursday, please. The lift is booked.

Maintenance|Service contracts|normal|en|Test log of the emergency lighting for the insurer
The insurer wants the test logs of the last three years.
A: Attached as one file. The 2024 test was repeated in May, so there are four logs.
R: Perfect.

Maintenance|Service contracts|low|en|Add hall {hall} to the service contract
The new hall {hall} has been running since summer. Please include it in our contract from January.
A: Happy to. The supplement is attached; price per luminaire as in the main contract.
I: Told sales, there is a deal for it.

Maintenance|Service contracts|high|en|Service visit cancelled twice
The visit in hall {hall} was cancelled twice at short notice. We have to show a valid test by the end of the month.
A: You have every reason to be angry. The visit is now fixed, and I will be on site myself.

Maintenance|Service contracts|normal|en|Firmware update: do we have to stand by?
You announced version 4.2 for our gateways. Does somebody have to be on site during the update?
A: Not necessary. The light stays at the last level for about four minutes.
R: Then please on Sunday morning.

Training|Technical support|low|en|Training for {n} new electricians
We have hired new people. Do you offer the half-day training on the control system at our site?
A: Yes, up to twelve people, half a day. Next free dates are in week {week}.
R: Week {week}, Wednesday morning would be good.

Return|Deliveries|low|en|Return of {n} surplus luminaires
We have {n} unopened luminaires left over from {order}. Do you take them back?
A: Unopened and within 60 days, yes. Return label attached, we keep 10 % for handling.
R: Collected today.

Störung|Technical support|high|de|Halle {hall}: Leuchten gehen nach 20 Minuten aus
Seit gestern gehen in Halle {hall} alle Leuchten nach genau 20 Minuten aus, obwohl gearbeitet wird. Bitte um schnelle Hilfe.
A: Guten Tag, wurde am Wochenende etwas am Steuerungsprofil geändert? 20 Minuten ist die Werkseinstellung der Präsenzmelder.
R: Der Elektriker hat das Gateway getauscht. Vermutlich fehlt jetzt unser Profil.
I: Profil vom 3. September liegt in der Sicherung, kann aufgespielt werden.
A: Ihr altes Profil ist wieder eingespielt. Nachlaufzeit jetzt 45 Minuten wie vorher.

Störung|Technical support|normal|de|Leuchte über Prüfplatz {n} flackert
Die Leuchte über Prüfplatz {n} flackert beim Dimmen unter 30 %. Die Kollegen klagen über müde Augen.
A: Das klingt nach dem Vorschaltgerät. Können Sie mir die Seriennummer durchgeben?
R: {serial}, steht auf der Rückseite.
A: Danke. Ein Austauschgerät geht heute noch raus.

Störung|Technical support|urgent|de|Notbeleuchtung im Treppenhaus ohne Funktion
Beim Stromausfall heute früh blieb das Treppenhaus dunkel. Der Brandschutzbeauftragte will das Gebäude sperren.
A: Wir schicken sofort jemanden. Tobias Köhnke ist gegen 13 Uhr bei Ihnen.
I: Zentralbatterie: Sicherung F3 nach dem letzten Test nicht wieder eingesetzt.
A: Sicherung F3 war nicht eingesetzt, jetzt läuft alles. Das Protokoll für den Brandschutz hängt an.
R: Vielen Dank für den schnellen Einsatz!

Lieferung|Deliveries|normal|de|Auftrag {order}: Liefertermin bestätigen
Auf der Auftragsbestätigung steht „voraussichtlich“. Wir brauchen einen festen Termin, weil die Hebebühne gemietet ist.
A: Fest zugesagt: Dienstag in KW {week}, zwischen 7 und 10 Uhr.
R: Passt, danke.

Lieferung|Deliveries|normal|de|Falsche Pendellänge geliefert, {order}
Bestellt waren Pendel mit 2,5 m, geliefert wurden 1,5 m. Betroffen sind {n} Stück.
A: Das tut uns leid. Die richtigen Pendel sind morgen bei Ihnen, die falschen holen wir nächste Woche ab.

Rechnung|Invoicing|normal|de|Rechnung {inv}: Skonto nicht berücksichtigt
Laut Rahmenvertrag stehen uns 2 % Skonto zu. In Rechnung {inv} fehlt der Hinweis.
A: Stimmt, die Zahlungsbedingung war falsch hinterlegt. Die berichtigte Rechnung ist beigefügt.
R: Danke, ist zur Zahlung angewiesen.

Rechnung|Invoicing|low|de|Bitte XRechnung statt PDF
Wir stellen auf elektronische Rechnungen um und können ab nächstem Monat nur noch XRechnungen annehmen.
A: Gerne. An welche E-Mail-Adresse sollen die XRechnungen gehen?

Ersatzteil|Spare parts|normal|de|Ersatz-Vorschaltgerät für {prod}
Wir benötigen {n} Vorschaltgeräte für {prod}, Baujahr 2019. Gibt es die noch?
A: Ja, Nachfolger mit gleicher Bauform, Artikel 77-4102. Lieferzeit drei Tage.
R: Dann bitte {n} Stück an die Werkstatt.

Frage|Technical support|low|de|Welche Leuchte für den Kühlraum mit −28 °C?
Wir bauen einen zweiten Tiefkühlraum. Reicht die Standardausführung?
A: Bitte die Ausführung mit Zusatz -35 nehmen, der Treiber startet dann auch bei −35 °C.

Frage|Technical support|low|de|Förderung für die Umrüstung
Unser Energieberater fragt nach den Nachweisen für die Förderung der LED-Umrüstung.
A: Die Herstellererklärung und die Lichtberechnung hängen an. Damit hat es bisher immer geklappt.
R: Antrag ist eingereicht, drücken Sie uns die Daumen.

Wartung|Service contracts|normal|de|Wartungstermin vor der Betriebsruhe
Können Sie die Wartung noch vor der Betriebsruhe im Dezember machen?
A: In KW {week} ist am Freitag noch Platz, ab 6 Uhr.
R: Freitag passt. Bitte am Tor 2 melden.

Reklamation|Technical support|normal|de|Blendung am Leitstand
Die neuen Leuchten spiegeln sich in den Bildschirmen des Leitstands.
A: Wir empfehlen die Raster-Abdeckung für die vier Leuchten hinter dem Leitstand. Muster kommt.
R: Mit dem Raster ist es deutlich besser, bitte drei weitere.

Panne|Technical support|high|fr|Panne d'éclairage au quai n° {n}
Depuis ce matin, le quai n° {n} est dans le noir et les chariots ne peuvent plus charger. Pouvez-vous intervenir ?
A: Bonjour, le disjoncteur différentiel a-t-il déclenché ? Merci de vérifier le départ Q7.
R: Oui, Q7 était déclenché. Il saute à nouveau dès qu'on le réarme.
A: Il y a donc un défaut d'isolement, sans doute de l'eau dans une boîte. Un technicien passe cet après-midi.

Livraison|Deliveries|normal|fr|Commande {order} : livraison partielle possible ?
Nous avons besoin des projecteurs avant le reste. Une livraison partielle de {order} est-elle possible ?
A: Oui, les projecteurs partent jeudi, le solde en semaine {week}.
R: Parfait, merci beaucoup.

Facture|Invoicing|normal|fr|Facture {inv} : numéro de commande absent
Notre service comptable refuse la facture {inv} car notre numéro de commande n'y figure pas.
A: Veuillez nous excuser, la facture rectifiée est jointe.

Question|Technical support|low|fr|Compatibilité de {prod} avec un variateur existant
Peut-on garder nos variateurs actuels avec {prod} ?
A: Oui, à condition qu'ils soient en DALI-2. Pouvez-vous m'envoyer une photo de l'étiquette ?
R: La photo est jointe, c'est bien du DALI-2.

Pièces|Spare parts|normal|fr|Joint d'étanchéité pour {n} luminaires
Après le nettoyage, {n} joints sont abîmés. Avez-vous la référence ?
A: Référence 77-1180, vendus par lot de dix. Deux lots en stock.

Avería|Technical support|high|es|La cámara frigorífica {n} se queda sin luz
Desde anoche la cámara {n} se apaga cada hora. Los operarios trabajan con linternas.
A: Buenos días. ¿Qué temperatura hay en la cámara y qué indica el piloto del gateway?
R: Veintiocho bajo cero, y el piloto parpadea en naranja.
A: El naranja indica protección térmica del sensor. Le enviamos hoy el sensor para baja temperatura.

Factura|Invoicing|normal|es|Abono pendiente de la factura {inv}
Nos prometieron un abono por las luminarias devueltas y aún no lo hemos recibido.
A: Tiene razón, se quedó sin firmar. Lo recibirá hoy por correo electrónico.
R: Recibido, gracias.

Guasto|Technical support|normal|it|Sensore di presenza guasto nel reparto {n}
Nel reparto {n} le luci restano sempre accese, anche di notte.
A: Buongiorno, può controllare se il LED del sensore è rosso fisso?
R: Sì, rosso fisso da ieri.
A: Allora va sostituito: la spedizione parte oggi, in garanzia.

Consegna|Deliveries|normal|it|Ordine {order}: indirizzo di consegna errato
La conferma riporta il vecchio stabilimento. La merce deve arrivare in sede.
A: Corretto. Le inviamo subito la nuova conferma d'ordine.

Awaria|Technical support|high|pl|Brak oświetlenia na linii {n}
Od rana linia {n} nie ma światła, bezpieczniki są w porządku. Prosimy o pilny kontakt.
A: Dzień dobry, czy dioda na bramce Lumo-Bus świeci na zielono?
R: Nie, miga na czerwono.
A: Proszę odłączyć ostatnią puszkę na tej linii i dać znać, czy dioda się zmieni.
R: Pomogło, przewód był uszkodzony. Dziękujemy!

Faktura|Invoicing|low|pl|Prośba o duplikat faktury {inv}
Prosimy o przesłanie duplikatu faktury {inv} w formacie PDF.
A: Duplikat w załączniku.
"""

GENERIC_INTERNAL = {
    "Technical support": ["Rang the customer, not reachable before two.", "Same question as last month, candidate for the knowledge base.", "Checked the order history: installation is from 2022.",
                          "Asked development, answer by tomorrow.", "Two more sites may have the same fault, watch this.", "Photographs saved with the project.",
                          "Remote access worked, log file attached.", "Spoke to the fitter, he will look at it during the next visit.", "Handed over for the late shift."],
    "Deliveries": ["Carrier informed, claim number is in the file.", "Rang the warehouse, they look into it now.", "Planning has moved the order, sales is informed.",
                   "Customer is friendly but in a hurry, keep this on top."],
    "Invoicing": ["Asked finance, answer expected today.", "Second case of this kind this month, told finance.", "Found the old letter in the archive, the customer is right."],
    "Spare parts": ["Parts reserved in the store.", "Store says: last carton, reorder is on the way.", "Checked the order history: installation is from 2019."],
    "Service contracts": ["Contract checked, visit is included.", "Sales is informed, there is an open offer.", "Asked the engineers who is in the area that week."],
}
GENERIC_THANKS = {
    "en": ["Thank you, everything works now.", "Solved, many thanks.", "All good here, you can close this one.", "Thanks for the quick help!",
           "Tested with both shifts, no problems.", "That did it. Thank you."],
    "de": ["Vielen Dank, läuft wieder.", "Erledigt, danke für die schnelle Hilfe.", "Passt alles, der Fall kann geschlossen werden.", "Danke, hat funktioniert."],
    "fr": ["Merci, tout fonctionne.", "C'est réglé, merci beaucoup."], "es": ["Gracias, ya funciona."], "it": ["Grazie, ora funziona tutto."],
    "pl": ["Dziękujemy, wszystko działa."],
}
GENERIC_CLOSE = {
    "en": ["Glad to hear it. I close the case; simply reply if it comes back.", "Good. Closing this one, have a nice day.", "Thank you for the feedback, the case is closed now.",
           "Very good. I mark it as done, the thread stays open for a reply."],
    "de": ["Schön, dann schließe ich den Fall. Eine Antwort öffnet ihn wieder.", "Freut uns. Der Fall ist damit abgeschlossen."],
    "fr": ["Très bien, je clos le dossier. Bonne journée."], "es": ["Perfecto, cerramos el caso. Un saludo."], "it": ["Bene, chiudiamo la richiesta. Buona giornata."],
    "pl": ["Świetnie, zamykamy zgłoszenie."],
}
SILENT_CLOSE = {
    "en": ["We have not heard from you for ten days and assume it is solved. A reply reopens the case.", "Closed after ten days without news. Just reply if something is still open."],
    "de": ["Da wir nichts mehr gehört haben, schließe ich den Fall. Eine Antwort öffnet ihn wieder."], "fr": ["Sans nouvelles de votre part, je clos le dossier."],
    "es": ["Al no tener noticias, cerramos el caso."], "it": ["Non avendo avuto notizie, chiudiamo la richiesta."], "pl": ["Z braku odpowiedzi zamykamy zgłoszenie."],
}
NUDGE = {
    "en": ["Could you give us a short answer, so that we can go on?", "Just a reminder: we are waiting for the details mentioned above."],
    "de": ["Wir warten noch auf Ihre Rückmeldung. Reicht Ihnen ein Termin nächste Woche?"], "fr": ["Avez-vous pu vérifier entre-temps ?"],
    "es": ["¿Ha podido comprobarlo?"], "it": ["Ha avuto modo di controllare?"], "pl": ["Czy udało się to sprawdzić?"],
}
FOLLOW_UP = {
    "en": ["One more thing: the production manager would like an update today.", "I have attached two photographs.", "You can also reach me on my mobile."],
    "de": ["Nachtrag: Fotos sind angehängt.", "Sie erreichen mich auch mobil."], "fr": ["Ci-joint deux photos."], "es": ["Adjunto una foto."], "it": ["Allego una foto."],
    "pl": ["W załączniku zdjęcie."],
}
PRODUCTS = ["Polar HB-200", "Polar HB-120", "Fjord LX 1500", "Fjord LX 900", "Skagen EX-2", "Skagen Flood 80", "Aurora Panel 62", "Kite E3", "Svalbard CS-35"]


# ---------------------------------------------------------------------------
# Building the rows
# ---------------------------------------------------------------------------

HEADERS = {
    "teams.csv": "name,kind,time_zone,lead",
    "users.csv": "name,email,team,role,time_zone,locale,phone",
    "organisations.csv": "key,name,legal_form,industry,website,email,phone,street,postal_code,city,region,country,parent_key,employees,annual_revenue,currency,vat_number,tags,source,owner",
    "people.csv": "key,salutation,given_name,middle_name,family_name,job_title,department,organisation_key,email,second_email,phone,mobile,street,postal_code,city,region,country,birth_date,language,tags,source,owner,notes",
    "affiliations.csv": "person_key,organisation_key,role,from,to",
    "relationships.csv": "person_key,type,other_key,since",
    "stages.csv": "pipeline,stage,order,probability,forecast_category,type,rotting_days,required_fields",
    "deals.csv": "key,name,pipeline,stage,organisation_key,primary_contact_key,contact_role,amount,currency,expected_close_date,created_date,closed_date,lost_reason,competitor,next_step,owner,source",
    "cases.csv": "key,subject,description,status,priority,category,channel,queue,requester_key,organisation_key,created_at,resolved_at,owner",
    "case_messages.csv": "case_key,author_type,author,visibility,sent_at,body",
    "activities.csv": "key,kind,subject,body,start_at,due_at,end_at,duration_minutes,status,completed_at,person_key,organisation_key,deal_key,owner",
}


def iso(day):
    return day.isoformat()


def workday(day):
    while day.weekday() > 4:
        day += dt.timedelta(days=1)
    return day


def days_ago(low, high):
    return workday(TODAY - dt.timedelta(days=RNG.between(low, high)))


def vat(country):
    d = lambda n: "".join(str(RNG.below(10)) for _ in range(n))
    shapes = {"DE": lambda: "DE999" + d(6), "AT": lambda: "ATU99" + d(6), "CH": lambda: "CHE-999.%s.%s MWST" % (d(3), d(3)),
              "FR": lambda: "FR" + d(2) + "999" + d(6), "GB": lambda: "GB 999 %s %s" % (d(4), d(2)), "IE": lambda: "IE99" + d(5) + "WH",
              "ES": lambda: "ESB99" + d(6), "PT": lambda: "PT599" + d(6), "IT": lambda: "IT099" + d(8), "PL": lambda: "PL999" + d(7),
              "DK": lambda: "DK 99 %s %s %s" % (d(2), d(2), d(2)), "SE": lambda: "SE5599" + d(6) + "01", "NO": lambda: "NO 999 %s %s MVA" % (d(3), d(3)),
              "FI": lambda: "FI99" + d(6), "NL": lambda: "NL999" + d(6) + "B01", "BE": lambda: "BE0999." + d(3) + "." + d(3), "CZ": lambda: "CZ99" + d(6),
              "TR": lambda: "TR999" + d(7), "GR": lambda: "EL999" + d(6), "BG": lambda: "BG999" + d(6), "RS": lambda: "RS199" + d(6)}
    make = shapes.get(country)
    return make() if make else ""


def money(amount, currency):
    return str(amount) if currency in NO_MINOR_UNIT else "%d.00" % amount


def build_organisations():
    rows, by_id = [], {}
    inbox = {"DE": "kontakt", "AT": "office", "CH": "info", "FR": "contact", "GB": "enquiries", "US": "info", "ES": "hola", "IT": "info", "PL": "biuro",
             "DK": "post", "SE": "info", "NO": "post", "BE": "info", "PT": "geral", "CZ": "info"}
    for number, line in enumerate(ORGANISATIONS.strip().splitlines(), 1):
        short, legal, ident, country, city, postal, street, region, industry, staff, revenue, parent = line.split("|")
        key = "ORG-%03d" % number
        if country == "JP":
            name = legal + short
        elif country == "KR":
            name = legal + " " + short
        elif country in ("CN",):
            name = short + legal
        elif country == "VN":
            name = "Công ty TNHH " + short
        elif country == "UA":
            name = "%s «%s»" % (legal, short)
        elif legal in ("KdöR", "School district"):
            name = short
        else:
            name = short + (", " if legal == "Inc." else " ") + legal
        currency = CURRENCY.get(country, "EUR")
        tags = []
        if country in ("KR", "CN", "VN") or ident == "hokushin":
            tags.append("supplier")
        elif industry in ("Electrical wholesale", "Electrical contractor"):
            tags.append("reseller")
        elif industry in ("Lighting design", "Trade association"):
            tags.append("specifier")
        else:
            tags.append(RNG.weighted([("customer", 68), ("prospect", 32)]))
        if int(staff) > 700 and "supplier" not in tags:
            tags.append("key account")
        if industry in ("Food production", "Brewing", "Beverages", "Cold storage"):
            tags.append("food & cold")
        if RNG.chance(14):
            tags.append(RNG.pick(["framework agreement", "ISO 50001", "credit limit", "trade fair 2026", "reference site"]))
        row = {
            "key": key, "name": name, "legal_form": legal, "industry": industry,
            "website": "" if ident in ("moosgruen", "vollmond", "zluty-lev") else "https://www.%s.example" % ident,
            "email": "%s@%s.example" % (inbox.get(country, "info"), ident), "phone": phone(country, city),
            "street": street, "postal_code": postal, "city": city, "region": region, "country": country,
            "parent_key": by_id[parent]["key"] if parent else "", "employees": staff,
            "annual_revenue": money(int(revenue) * 1000, currency) if revenue else "", "currency": currency if revenue else "",
            "vat_number": "" if legal in ("KdöR", "NHS Trust", "School district") else vat(country),
            "tags": ";".join(tags), "source": RNG.weighted(SOURCES), "owner": owner_for(country),
        }
        row["_short"], row["_id"] = short, ident
        by_id[ident] = row
        rows.append(row)
    return rows


PATTERNS = ["{g}.{f}", "{g}.{f}", "{g}.{f}", "{i}.{f}", "{i}{f}", "{f}", "{g}"]
_used_mail, _used_names = set(), set()


def unique_mail(local, domain, fallback):
    for candidate in (local, fallback):
        mail = "%s@%s" % (candidate, domain)
        if mail not in _used_mail:
            _used_mail.add(mail)
            return mail
    number = 2
    while "%s%d@%s" % (fallback, number, domain) in _used_mail:
        number += 1
    mail = "%s%d@%s" % (fallback, number, domain)
    _used_mail.add(mail)
    return mail


def base(language):
    return language.split("-")[0]


def fresh_name(culture, female, family=None):
    for _ in range(400):
        given, fam = draw_name(culture, female)
        if family:
            fam = family
        if (given[0], fam[0]) not in _used_names:
            _used_names.add((given[0], fam[0]))
            return given, fam
    raise SystemExit("name pool too small: " + culture)


def salute(language, culture, female):
    lang = base(language)
    lang = {"nb": "da"}.get(lang, lang)
    pair = SALUTATION.get(lang)
    if not pair or RNG.chance(10):
        return ""
    word = pair[1 if female else 0]
    if lang == "de" and RNG.chance(9):
        return word + RNG.pick([" Dr.", " Dr.", " Dr.-Ing.", " Prof. Dr."])
    if lang == "en" and RNG.chance(9):
        return RNG.pick(["Dr", "Mrs" if female else "Dr"])
    return word


def birth():
    day = dt.date(RNG.between(1959, 1993), RNG.between(1, 12), RNG.between(1, 28))
    return iso(day)


def person_row(culture, female, language, org, country, city, family=None, home=None):
    given, fam = fresh_name(culture, female, family)
    middle = ""
    if culture in MIDDLE and RNG.chance(14):
        middle = RNG.pick(MIDDLE[culture][1 if female else 0].split())
    titles = JOBS.get(base(language), JOBS["en"])
    job, _, department = RNG.pick(titles).partition("=")
    job = job.split("/")[-1] if female else job.split("/")[0]
    local = (given[1] + "." + fam[1]).replace("..", ".")
    row = {
        "salutation": salute(language, culture, female), "given_name": given[0], "middle_name": middle, "family_name": fam[0],
        "job_title": job if org else "", "department": department if org else "", "organisation_key": org["key"] if org else "",
        "street": "", "postal_code": "", "city": city, "region": "", "country": country,
        "birth_date": birth() if RNG.chance(28) else "", "language": language,
        "notes": RNG.pick(PEOPLE_NOTES) if org and RNG.chance(30) else "", "source": RNG.weighted(SOURCES), "owner": owner_for(country),
        "second_email": "", "phone": "", "mobile": "",
    }
    if org:
        shape = org["_pattern"].format(g=given[1], f=fam[1], i=given[1][0])
        row["email"] = unique_mail(shape, org["_id"] + ".example", local) if RNG.chance(96) else ""
        row["phone"] = phone(country, city) if RNG.chance(88) else ""
        if RNG.chance(46) or not (row["email"] or row["phone"]):
            row["mobile"] = mobile(country)
        if RNG.chance(17):
            row["second_email"] = unique_mail(RNG.pick([local, fam[1] + "." + given[1], given[1] + fam[1][:1]]), RNG.pick(["example.com", "example.org", "example.net"]), local)
        if RNG.chance(42):
            for field in ("street", "postal_code", "region"):
                row[field] = org[field]
        tags = [t for t in RNG.shuffled(PEOPLE_TAGS)[:RNG.weighted([(0, 34), (1, 40), (2, 20), (3, 6)])]]
    else:
        row["email"] = unique_mail(local, RNG.pick(["example.com", "example.org", "example.net"]), local) if RNG.chance(85) else ""
        row["mobile"] = mobile(country) if RNG.chance(60) or not row["email"] else ""
        tags = ["private"]
        row["source"] = "referral"
    if home:
        _, row["city"], row["postal_code"], row["region"], row["street"] = home
        tags.append("household")
    row["tags"] = ";".join(tags)
    row["_female"], row["_culture"], row["_latin"] = female, culture, (given[1], fam[1])
    return row


def build_people(orgs):
    rows = []
    for org in orgs:
        staff = int(org["employees"])
        size = 2 if staff < 60 else 3 if staff < 140 else RNG.between(3, 4) if staff < 500 else RNG.between(4, 5) if staff < 1500 else RNG.between(5, 6)
        if org["country"] in ("GR", "UA", "JP", "KR", "CN", "AE", "EG", "BG", "RS"):
            size = max(size, 4)
        org["_pattern"] = RNG.pick(PATTERNS[:-1] if staff > 60 else PATTERNS)
        org["_people"] = []
        for _ in range(size):
            add_person(rows, org)
    households = []
    for home in HOMES:
        free = [p for p in rows if p["country"] == home[0] and "household" not in p["tags"] and p["_culture"] not in ("vi", "tr")]
        near = [p for p in free if p["city"] == home[1]] or free
        anchor = RNG.pick(near)
        move_in(anchor, home)
        members = [anchor]
        other = None
        if RNG.chance(45):
            others = [p for p in free if p is not anchor and p["_female"] != anchor["_female"]]
            other = RNG.pick(others) if others else None
        if other:
            move_in(other, home)
        else:
            other = person_row(anchor["_culture"], not anchor["_female"], anchor["language"], None, home[0], home[1], family_for(anchor, not anchor["_female"]), home)
            rows.append(other)
        members.append(other)
        if RNG.chance(40):
            female = RNG.chance(50)
            child = person_row(anchor["_culture"], female, anchor["language"], None, home[0], home[1], family_for(anchor, female), home)
            child["birth_date"] = iso(dt.date(RNG.between(2002, 2007), RNG.between(1, 12), RNG.between(1, 28)))
            for parent in members:
                if parent["birth_date"] and parent["birth_date"] > "1979":
                    parent["birth_date"] = str(RNG.between(1964, 1978)) + parent["birth_date"][4:]
            rows.append(child)
            members.append(child)
        households.append(members)
    big = [o for o in orgs if int(o["employees"]) >= 250]
    while len(rows) < 364:
        add_person(rows, RNG.pick(big))
    rows = RNG.shuffled(rows)
    for number, row in enumerate(rows, 1):
        row["key"] = "PER-%04d" % number
    for org in orgs:
        org["_people"].sort(key=lambda p: p["key"])
    return rows, households


def family_for(anchor, female):
    shown, latin = anchor["family_name"], anchor["_latin"][1]
    for male_end, female_end in (("cki", "cka"), ("ski", "ska")):
        if female and shown.endswith(male_end):
            return shown[:-1] + "a", latin[:-1] + "a"
        if not female and shown.endswith(female_end):
            return shown[:-1] + "i", latin[:-1] + "i"
    return shown, latin


def move_in(person, home):
    _, person["city"], person["postal_code"], person["region"], person["street"] = home
    person["tags"] = ";".join([t for t in person["tags"].split(";") if t] + ["household"])


def add_person(rows, org):
    culture = RNG.weighted(CULTURES[org["country"]])
    language = LANGUAGE[org["country"]]
    if org["city"] == "Genève":
        culture, language = "fr", "fr-CH"
    elif org["city"] == "Charleroi":
        culture, language = "fr", "fr-BE"
    elif org["country"] == "BE":
        language = "fr-BE" if culture == "fr" else "nl-BE"
    elif org["country"] == "CH":
        language = {"de": "de-CH", "it": "it-CH", "fr": "fr-CH"}[culture]
    person = person_row(culture, RNG.chance(47), language, org, org["country"], org["city"])
    person["_org"] = org
    org["_people"].append(person)
    rows.append(person)


MANTISSA = [11, 12, 14, 15, 17, 18, 21, 23, 26, 29, 32, 36, 41, 45, 48, 52, 58, 64, 71, 79, 86, 94]


def amount_for(pipeline, org):
    staff = int(org["employees"])
    if pipeline == "Service contracts":
        scale = RNG.weighted([(100, 55), (1000, 40 if staff > 150 else 12), (10000, 3 if staff > 1000 else 0)])
    else:
        scale = RNG.weighted([(100, 24), (1000, 58 if staff > 60 else 26), (10000, 17 if staff > 300 else 3 if staff > 120 else 0), (100000, 2 if staff > 1200 else 0)])
    value = RNG.pick(MANTISSA[:9] if scale == 100000 else MANTISSA) * scale
    if scale <= 1000:
        value += RNG.below(10) * scale // 10 + RNG.below(20) * 5
    else:
        value += RNG.below(20) * scale // 20
    return value


def build_deals(orgs):
    rows, names = [], set()
    weighted = [(o, 2 if int(o["employees"]) < 60 else 4 if int(o["employees"]) < 400 else 7) for o in orgs if "supplier" not in o["tags"]]
    weighted += [(o, 8) for o in orgs if o["country"] == "JP" and "supplier" not in o["tags"]]
    for pipeline, stage, count in DEAL_PLAN:
        kind = next(s for s in STAGES if s[0] == pipeline and s[1] == stage)[5]
        for _ in range(count):
            while True:
                org = RNG.weighted(weighted)
                amount = amount_for(pipeline, org)
                title = RNG.pick(DEAL_NAMES if pipeline == "New business" else SERVICE_NAMES).format(
                    n=RNG.between(2, 18), p=RNG.between(2, 4), b=RNG.pick("BCDEF"), y=RNG.pick(["2026", "2027"]))
                name = "%s – %s" % (org["_short"], title)
                if name not in names and (pipeline != "New business" or fits(title, org, amount)):
                    names.add(name)
                    break
            currency = DEAL_CURRENCY.get(org["country"], "EUR")
            amount = amount * 160 // 1000 * 1000 if currency == "JPY" else amount * 11 // 50 * 50 if currency == "SEK" else amount
            contact = RNG.pick(org["_people"]) if not (stage in ("Qualification", "Enquiry") and RNG.chance(18)) else None
            closed = lost = rival = step = ""
            if kind in ("won", "lost"):
                closed_day = days_ago(1, 318)
                if closed_day > TODAY:
                    closed_day = TODAY
                created = workday(closed_day - dt.timedelta(days=RNG.between(28, 230)))
                expected = closed_day + dt.timedelta(days=RNG.between(-24, 18))
                if expected <= created:
                    expected = closed_day
                closed = iso(closed_day)
                if kind == "lost":
                    lost = RNG.weighted(LOST_REASONS)
                    rival = RNG.pick(COMPETITORS) if lost == "competitor" or (lost == "price" and RNG.chance(60)) else ""
                elif RNG.chance(25):
                    rival = RNG.pick(COMPETITORS)
            else:
                depth = {"Qualification": (1, 40), "Enquiry": (1, 45), "Site survey": (15, 90), "On hold": (90, 260)}.get(stage, (25, 170))
                created = days_ago(*depth)
                near = {"Verbal agreement": (-6, 30), "Terms agreed": (-4, 28), "Negotiation": (-8, 60), "Proposal": (-12, 110), "Offer sent": (-5, 80),
                        "On hold": (60, 260)}.get(stage, (20, 190))
                expected = workday(TODAY + dt.timedelta(days=RNG.between(*near)))
                if expected <= created:
                    expected = created + dt.timedelta(days=14)
                if stage not in ("Qualification", "Enquiry") or RNG.chance(70):
                    step = RNG.pick(NEXT_STEPS[stage])
                if RNG.chance(28):
                    rival = RNG.pick(COMPETITORS)
            no_amount = stage in ("Qualification", "Enquiry") and RNG.chance(22)
            rows.append({
                "name": name, "pipeline": pipeline, "stage": stage, "organisation_key": org["key"], "primary_contact_key": contact["key"] if contact else "",
                "contact_role": RNG.weighted(CONTACT_ROLES) if contact else "", "amount": "" if no_amount else money(amount, currency), "currency": currency,
                "expected_close_date": iso(expected), "created_date": iso(min(created, TODAY)), "closed_date": closed, "lost_reason": lost, "competitor": rival, "next_step": step,
                "owner": org["owner"], "source": RNG.weighted(SOURCES), "_kind": kind,
            })
    rows.sort(key=lambda r: (r["created_date"], r["name"]))
    for number, row in enumerate(rows, 1):
        row["key"] = "DEAL-%04d" % number
    return rows


CATEGORY = {"Störung": "Defect", "Panne": "Defect", "Avería": "Defect", "Guasto": "Defect", "Awaria": "Defect", "Lieferung": "Delivery", "Livraison": "Delivery",
            "Consegna": "Delivery", "Rechnung": "Invoice", "Facture": "Invoice", "Factura": "Invoice", "Faktura": "Invoice", "Ersatzteil": "Spare parts",
            "Pièces": "Spare parts", "Frage": "Product question", "Question": "Product question", "Wartung": "Maintenance", "Reklamation": "Complaint"}


def scenarios():
    out = []
    for block in SCENARIOS.strip().split("\n\n"):
        lines = block.split("\n")
        category, queue, priority, lang, subject = lines[0].split("|")
        out.append({"category": CATEGORY.get(category, category), "queue": queue, "priority": priority, "lang": lang, "subject": subject,
                    "description": lines[1], "talk": [(line[0], line[3:]) for line in lines[2:]]})
    return out


def stamp(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


NOW = dt.datetime(2026, 11, 20, 16, 0, 0)


def office(moment):
    """The next moment inside office hours (UTC)."""
    def free(day):
        return day.weekday() > 4 or (day.month, day.day) in ((1, 1), (5, 1), (12, 25), (12, 26))

    while free(moment) or moment.hour >= 17 or moment.hour < 6:
        if moment.hour < 6 and not free(moment):
            moment = moment.replace(hour=6, minute=RNG.between(20, 59))
        else:
            moment = (moment + dt.timedelta(days=1)).replace(hour=6, minute=RNG.between(20, 59))
    return moment


def build_cases(people):
    pool = scenarios()
    order = RNG.shuffled(pool) + RNG.shuffled(pool)
    total = 152
    status_list = RNG.shuffled(["new"] * 11 + ["in_progress"] * 18 + ["waiting_for_customer"] * 14 + ["on_hold"] * 7 + ["resolved"] * 36 + ["closed"] * 66)
    by_lang = {}
    for p in people:
        if p["organisation_key"] and "supplier" not in p["_org"]["tags"]:
            lang = base(p["language"])
            by_lang.setdefault(lang if lang in ("de", "fr", "es", "it", "pl") else "en", []).append(p)
    built, subjects = [], set()
    for index in range(total):
        sc, status = order[index], status_list[index]
        person = RNG.pick(by_lang[sc["lang"]])
        if status in ("resolved", "closed"):
            age = RNG.between(18, 340) if status == "closed" else RNG.between(4, 60)
        else:
            age = {"new": RNG.between(0, 2), "in_progress": RNG.between(3, 14), "waiting_for_customer": RNG.between(6, 24), "on_hold": RNG.between(14, 60)}[status]
        start = NOW - dt.timedelta(days=age, hours=RNG.between(1, 9), minutes=RNG.between(0, 59), seconds=RNG.between(0, 59))
        channel = RNG.weighted([("email", 46), ("phone", 24), ("web", 22), ("chat", 8)])
        if channel == "phone":
            start = office(start)
            if start > NOW:
                start = NOW - dt.timedelta(hours=2, minutes=13)
        for _ in range(60):
            week = (start.date() + dt.timedelta(days=RNG.between(10, 32))).isocalendar()[1]
            bought = start - dt.timedelta(days=RNG.between(12, 50))
            count = bought.timetuple().tm_yday
            slots = {"hall": RNG.pick(["2", "3", "4", "7", "12", "B", "Nord" if sc["lang"] == "de" else "East"]), "n": RNG.between(4, 48), "serial": "G4-%05d" % RNG.between(20000, 89999),
                     "prod": RNG.pick(PRODUCTS), "order": "SO-%s%04d" % (bought.strftime("%y"), count * 24 + RNG.below(24)), "inv": "RE-%s-%05d" % (bought.strftime("%y"), count * 31 + RNG.below(31)), "week": week}
            subject = sc["subject"].format(**slots)
            if subject not in subjects:
                break
        subjects.add(subject)
        text = " ".join(t for _, t in sc["talk"])
        owner = JOANNA if "Deniz" in text or "Tobias" in text else RNG.weighted([(JOANNA, 24), (TOBIAS, 40), (DENIZ, 36)])
        talk = [(who, body.format(**slots)) for who, body in sc["talk"]]
        lang = sc["lang"]
        if status == "new":
            talk = [("R", RNG.pick(FOLLOW_UP[lang]))] if RNG.chance(35) else []
        elif status == "in_progress":
            talk = talk[:max(1, len(talk) - 1)]
            talk.insert(1, ("I", RNG.pick(GENERIC_INTERNAL[sc["queue"]])))
            if RNG.chance(30):
                talk.append(("R", RNG.pick(FOLLOW_UP[lang])))
        elif status == "waiting_for_customer":
            talk = talk[:1] + ([("I", RNG.pick(GENERIC_INTERNAL[sc["queue"]]))] if RNG.chance(40) else []) + [("A", RNG.pick(NUDGE[lang]))]
        elif status == "on_hold":
            talk = talk[:2] + [("I", RNG.pick(["On hold until the part arrives from the supplier.", "Waiting for the shutdown of the plant.", "Laboratory needs two more weeks.",
                                                "On hold, carrier still has to answer."]))]
        else:
            if RNG.chance(26):
                talk.insert(1, ("I", RNG.pick(GENERIC_INTERNAL[sc["queue"]])))
            last = [who for who, _ in talk if who != "I"][-1]
            if last == "A" and RNG.chance(72):
                talk.append(("R", RNG.pick(GENERIC_THANKS[lang])))
        speed = {"urgent": (6, 50), "high": (20, 150), "normal": (60, 420), "low": (120, 900)}[sc["priority"]]
        at, messages = start, []
        for who, body in talk:
            step = RNG.between(*speed) if who == "A" else RNG.between(15, 1500 if sc["priority"] in ("normal", "low") else 240)
            if status in ("new", "in_progress"):
                step = step // 2
            at = at + dt.timedelta(minutes=step, seconds=RNG.between(0, 59))
            if who != "R":
                at = office(at)
            elif at.hour < 5 or at.hour > 18:
                at = (at + dt.timedelta(hours=6 if at.hour > 18 else 0)).replace(hour=RNG.between(6, 8))
            if at > NOW:
                break
            author = person["key"] if who == "R" else owner if who == "A" or RNG.chance(70) else RNG.pick([u for u in SERVICE if u != owner])
            messages.append([("requester" if who == "R" else "agent"), author, "internal" if who == "I" else "public", at, body])
        resolved = ""
        if status in ("resolved", "closed"):
            done = (messages[-1][3] if messages else start) + dt.timedelta(minutes=RNG.between(2, 90))
            resolved = stamp(done)
            if status == "closed" and RNG.chance(72):
                silent = [m for m in messages if m[2] == "public"][-1][0] == "agent"
                close_at = office(done + (dt.timedelta(days=10, hours=RNG.between(1, 9)) if silent else dt.timedelta(hours=RNG.between(1, 70))))
                messages.append(["agent", owner, "public", close_at, RNG.pick((SILENT_CLOSE if silent else GENERIC_CLOSE)[lang])])
        built.append(({
            "subject": subject, "description": sc["description"].format(**slots), "status": status, "priority": sc["priority"], "category": sc["category"],
            "channel": channel, "queue": sc["queue"], "requester_key": person["key"], "organisation_key": person["organisation_key"], "created_at": stamp(start),
            "resolved_at": resolved, "owner": "" if status == "new" and RNG.chance(60) else owner}, messages))
    built.sort(key=lambda pair: (pair[0]["created_at"], pair[0]["subject"]))
    cases, lines = [], []
    for number, (row, messages) in enumerate(built, 1):
        row["key"] = "CASE-%04d" % number
        cases.append(row)
        for kind, author, visibility, at, body in messages:
            lines.append({"case_key": row["key"], "author_type": kind, "author": author, "visibility": visibility, "sent_at": stamp(at), "body": body})
    return cases, lines


def last_sunday(year, month):
    day = dt.date(year, month, 31)
    return day - dt.timedelta(days=(day.weekday() + 1) % 7)


def local(day, hour, minute, owner):
    """RFC 3339 with the offset of the owner's time zone (EU summer time)."""
    summer = last_sunday(day.year, 3) <= day < last_sunday(day.year, 10)
    hours = (0 if USER_ZONE[owner] == "Europe/London" else 1) + (1 if summer else 0)
    return "%sT%02d:%02d:00+%02d:00" % (iso(day), hour, minute, hours)


def build_activities(deals, orgs, people):
    rows = []
    org_by_key = {o["key"]: o for o in orgs}
    sales = [o for o in orgs if "supplier" not in o["tags"]]
    seen = set()
    while len(rows) < 284:
        deal = person = None
        if RNG.chance(74):
            deal = RNG.pick(deals)
            org, owner = org_by_key[deal["organisation_key"]], deal["owner"]
            person_key = deal["primary_contact_key"]
            first, last = dt.date.fromisoformat(deal["created_date"]), (dt.date.fromisoformat(deal["closed_date"]) if deal["closed_date"] else TODAY)
        else:
            org = RNG.pick(sales)
            owner, person_key = org["owner"], RNG.pick(org["_people"])["key"]
            first, last = TODAY - dt.timedelta(days=300), TODAY
        kind = RNG.weighted([("call", 32), ("meeting", 22), ("task", 30), ("note", 16)])
        if kind == "call" and not person_key:
            kind = "task"
        future = kind != "note" and (not deal or not deal["closed_date"]) and RNG.chance(34)
        if future:
            day = workday(TODAY + dt.timedelta(days=RNG.between(1, 45)))
        else:
            day = workday(first + dt.timedelta(days=RNG.below(max(1, (last - first).days + 1))))
            day = min(day, last)
            while day.weekday() > 4:
                day -= dt.timedelta(days=1)
            if day < first:
                day = first
        subject, body = RNG.pick({"call": CALLS, "meeting": MEETINGS, "task": TASKS, "note": NOTES}[kind])
        mark = (subject, org["key"])
        after_sale = subject.startswith(("Satisfaction", "Handover", "Follow up on the open invoice"))
        if mark in seen or (after_sale and not (deal and deal["_kind"] == "won" and day == last)):
            continue
        seen.add(mark)
        if future and kind == "call":
            subject, body = RNG.pick([("Call back about the quotation", "Promised after the last meeting."), ("Ring before the budget round", "Ask for the approval date."),
                                      ("Check the delivery on site", "Was everything complete?"), ("Ask for feedback on the samples", "Two samples are on the desk of the buyer."),
                                      ("Call about the contract renewal", "Contract ends in spring.")])
        hour, minute = RNG.between(8, 16), RNG.pick([0, 0, 15, 30, 30, 45])
        row = {"kind": kind, "subject": subject, "body": body, "start_at": "", "due_at": "", "end_at": "", "duration_minutes": "", "completed_at": "",
               "person_key": person_key, "organisation_key": org["key"], "deal_key": deal["key"] if deal else "", "owner": owner}
        if kind == "task":
            row["due_at"] = local(day, 17, 0, owner)
            row["status"] = "open" if future else RNG.weighted([("done", 88), ("open", 7 if not (deal and deal["closed_date"]) else 0), ("cancelled", 5)])
            if row["status"] == "done":
                row["completed_at"] = local(day, RNG.between(9, 15), RNG.below(60), owner)
        elif kind == "note":
            row["start_at"] = local(day, hour, minute, owner)
            row["status"], row["completed_at"] = "done", row["start_at"]
        else:
            length = RNG.pick([10, 15, 15, 20, 25]) if kind == "call" else RNG.pick([45, 60, 60, 90, 120])
            end = hour * 60 + minute + length
            row["start_at"], row["end_at"], row["duration_minutes"] = local(day, hour, minute, owner), local(day, end // 60, end % 60, owner), str(length)
            row["status"] = "open" if future else RNG.weighted([("done", 93), ("cancelled", 7)])
            if row["status"] == "done":
                row["completed_at"] = row["end_at"]
        row["_sort"] = (day, row["due_at"] or row["start_at"])
        rows.append(row)
    rows.sort(key=lambda r: (r["_sort"], r["subject"], r["organisation_key"]))
    for number, row in enumerate(rows, 1):
        row["key"] = "ACT-%04d" % number
    return rows


def build_relationships(orgs, people, households):
    rows, pairs = [], set()

    def add(a, kind, b, since=None):
        pair = tuple(sorted((a["key"], b["key"])))
        if a is b or pair in pairs:
            return
        pairs.add(pair)
        rows.append({"person_key": a["key"], "type": kind, "other_key": b["key"], "since": since or iso(dt.date(RNG.between(2012, 2025), RNG.between(1, 12), 1))})

    for members in households:
        a, b = members[0], members[1]
        younger = max(int(p["birth_date"][:4]) if p["birth_date"] else 1972 for p in (a, b))
        add(a, "spouse of", b, iso(dt.date(younger + 25, RNG.between(4, 9), RNG.between(1, 28))))
        for child in members[2:]:
            add(a, "parent of", child, child["birth_date"])
    teams = [o for o in orgs if len(o["_people"]) >= 4]
    for org in RNG.shuffled(teams)[:13]:
        boss = org["_people"][0]
        add(boss, "manager of", org["_people"][1])
        if RNG.chance(55):
            add(org["_people"][2], "reports to", boss)
    for p in people:
        if p["job_title"].startswith(("Assistent", "Executive Assistant")) and len(p["_org"]["_people"]) > 1:
            add(p, "assistant of", next(q for q in p["_org"]["_people"] if q is not p))
    workers = [p for p in people if p["organisation_key"]]
    while sum(1 for r in rows if r["type"] == "referred by") < 15:
        a, b = RNG.pick(workers), RNG.pick(workers)
        if a["owner"] == b["owner"] and a["organisation_key"] != b["organisation_key"]:
            add(a, "referred by", b, iso(days_ago(60, 900)))
    while sum(1 for r in rows if r["type"] == "former colleague of") < 8:
        a, b = RNG.pick(workers), RNG.pick(workers)
        if a["country"] == b["country"] and a["organisation_key"] != b["organisation_key"]:
            add(a, "former colleague of", b)
    rows.sort(key=lambda r: (r["person_key"], r["other_key"]))
    return rows


def build_affiliations(orgs, people):
    rows, seen = [], set()
    roles = ["advisory board member", "external energy adviser", "consultant", "supervisory board member", "interim manager", "safety inspector on call"]
    hubs = [o for o in orgs if o["industry"] in ("Lighting design", "Trade association", "Public administration")]
    workers = [p for p in people if p["organisation_key"]]
    parents = {o["key"]: o["parent_key"] for o in orgs}
    while len(rows) < 38:
        p = RNG.pick(workers)
        choice = RNG.below(3)
        if choice == 0 and parents[p["organisation_key"]]:
            target, role = next(o for o in orgs if o["key"] == parents[p["organisation_key"]]), RNG.pick(["member of the group purchasing board", "deputy energy manager", "supervisory board member"])
        elif choice == 1:
            target, role = RNG.pick(hubs), RNG.pick(["member of the working group on emergency lighting", "visiting lecturer", "committee member", "external expert"])
        elif choice == 2:
            same = [o for o in orgs if o["country"] == p["country"]]
            target, role = RNG.pick(same), RNG.pick(roles)
        else:
            continue
        if target["key"] == p["organisation_key"] or p["key"] in seen:
            continue
        if target["industry"] in ("Lighting design", "Public administration") and target["country"] != p["country"]:
            continue
        seen.add(p["key"])
        start = dt.date(RNG.between(2015, 2025), RNG.between(1, 12), 1)
        end = iso(dt.date(start.year + RNG.between(1, 4), 12, 31)) if RNG.chance(30) else ""
        if end > "2027":
            end = "2026-12-31"
        rows.append({"person_key": p["key"], "organisation_key": target["key"], "role": role, "from": iso(start), "to": end})
    rows.sort(key=lambda r: r["person_key"])
    return rows


# ---------------------------------------------------------------------------
# vCards
# ---------------------------------------------------------------------------

DOT = ("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")

CARDS_4 = [
    ["KIND:individual", "UID:urn:uuid:6f0c1d7a-0001-4c1e-9a10-4e6f72646c01", "FN:Dr. Henrike Sanddorn", "N:Sanddorn;Henrike;Maria,Elise;Dr.;", "ORG:Küstenlabor Photometrie gGmbH;Goniometer", "TITLE:Laborleiterin",
     "EMAIL;TYPE=work;PREF=1:h.sanddorn@kuestenlabor.example", "EMAIL;TYPE=home:henrike.sanddorn@example.org", "TEL;VALUE=uri;TYPE=\"work,voice\";PREF=1:tel:+49-40-66969-771", "TEL;VALUE=uri;TYPE=cell:tel:+49-171-3920098",
     "ADR;TYPE=work;LABEL=\"Große Elbstraße 914, 22767 Hamburg\":;;Große Elbstraße 914;Hamburg;Hamburg;22767;Deutschland", "BDAY:19790314", "LANG;PREF=1:de", "LANG;PREF=2:en", "CATEGORIES:laboratory,specifier",
     "PHOTO:data:image/png;base64," + DOT, "NOTE:Misst unsere Leuchten im Auftrag\\; Termine nur vormittags\\, bitte zwei Wochen vorher anfragen.\\nTor 3 benutzen.", "X-NORDLICHT-BADGE:L-2207", "REV:20261104T081500Z"],
    ["KIND:individual", "UID:urn:uuid:6f0c1d7a-0002-4c1e-9a10-4e6f72646c02", "FN:Tadhg O'Shaughran", "N:O'Shaughran;Tadhg;;;", "ORG:Ballycorrig Rigging Ltd", "TITLE:Crane and lift hire", "item1.EMAIL:tadhg@ballycorrig.example", "item1.X-ABLabel:Depot",
     "item2.TEL:+353 1 555 0871", "item2.X-ABLabel:_$!<Main>!$_", "item3.TEL:+353 85 000 0872", "item3.X-ABLabel:Night shift", "item4.ADR:;;Unit 9\\, Greenhills Yard;Dublin;Dublin;D12 X4F9;Ireland", "item4.X-ABLabel:Yard", "CATEGORIES:supplier", "REV:20261012T101000Z"],
    ["KIND:individual", "UID:urn:uuid:6f0c1d7a-0003-4c1e-9a10-4e6f72646c03", "FN;LANGUAGE=ja:霧島 遥", "N;LANGUAGE=ja;SORT-AS=\"Kirishima,Haruka\":霧島;遥;;;", "X-PHONETIC-FIRST-NAME:はるか", "X-PHONETIC-LAST-NAME:きりしま", "ORG:海図デザイン事務所", "TITLE:照明デザイナー",
     "EMAIL;TYPE=work:kirishima@kaizu-design.example", "TEL;TYPE=\"work,voice\";VALUE=uri:tel:+81-3-5550-0871", "ADR;TYPE=work:;;下馬9-41-7;世田谷区;東京都;154-0002;日本", "LANG:ja", "CATEGORIES:specifier,newsletter", "REV:20260930T020000Z"],
    ["KIND:individual", "UID:urn:uuid:6f0c1d7a-0004-4c1e-9a10-4e6f72646c04", "FN:Ελπινίκη Γαλανοπετρίδη", "N:Γαλανοπετρίδη;Ελπινίκη;;;", "ORG:Φάρος Μελετητική", "TITLE:Ηλεκτρολόγος μηχανικός", "EMAIL;TYPE=work:elpiniki@faros-meletes.example",
     "EMAIL;TYPE=home:e.galanopetridi@example.net", "TEL;TYPE=work:+30 210 000 0871", "ADR;TYPE=work:;;Λεωφόρος Συγγρού 918;Αθήνα;Αττική;117 41;Ελλάδα", "LANG:el", "BDAY:--0725", "REV:20260818T090000Z"],
    ["KIND:individual", "UID:urn:uuid:6f0c1d7a-0005-4c1e-9a10-4e6f72646c05", "FN:سلمان الكثيبي", "N:الكثيبي;سلمان;;المهندس;", "ORG:مكتب الواحة للاستشارات", "TITLE:مهندس كهرباء", "EMAIL:salman@waha-consult.example", "TEL;TYPE=cell:+971 50 000 0871",
     "ADR;TYPE=work:;;شارع الميناء 918;أبوظبي;;;الإمارات العربية المتحدة", "LANG:ar", "TZ:Asia/Dubai", "REV:20260702T060000Z"],
    ["KIND:individual", "UID:urn:uuid:6f0c1d7a-0006-4c1e-9a10-4e6f72646c06", "FN:Zofia Jaskółkowska-Rdest", "N:Jaskółkowska-Rdest;Zofia;Anna;mgr inż.;", "ORG:Pracownia Światła Rdest", "TITLE:Projektantka oświetlenia", "EMAIL;PREF=1:zofia@rdest.example",
     "EMAIL;PREF=2:biuro@rdest.example", "EMAIL;PREF=3;TYPE=home:zofia.rdest@example.com", "TEL;TYPE=work:+48 22 000 08 71", "TEL;TYPE=cell;PREF=1:+48 600 000 871", "ADR;TYPE=work:;;ul. Mińska 925 lok. 4;Warszawa;mazowieckie;03-828;Polska",
     "ADR;TYPE=home:;;ul. Wiatraczna 914 m. 12;Warszawa;mazowieckie;04-364;Polska", "URL:https://www.rdest.example", "CATEGORIES:specifier", "REV:20261101T120000Z"],
    ["KIND:individual", "UID:urn:uuid:6f0c1d7a-0007-4c1e-9a10-4e6f72646c07", "FN:Bartholomew Quennell-Tighe", "N:Quennell-Tighe;Bartholomew;Alfred;;MIET", "NICKNAME:Barty", "ORG:Pennine Surveying Partnership;Electrical", "TITLE:Chartered surveyor", "EMAIL;TYPE=work:barty@pennine-survey.example",
     "TEL;TYPE=work:0113 496 0871", "TEL;TYPE=cell:+44 7700 900871", "ADR;TYPE=work;GEO=\"geo:53.79,-1.54\":;Third Floor;914 Wellington Street;Leeds;West Yorkshire;LS1 4ZZ;United Kingdom", "ANNIVERSARY:20090613", "GENDER:M",
     "NOTE:A long note, to be folded by every writer: he has surveyed four of our customers' halls\\, keeps excellent drawings\\, and insists that every luminaire be numbered from the north-west corner\\; please do so.", "X-SKYPE:barty.example", "REV:20260610T083000Z"],
    ["KIND:individual", "UID:urn:uuid:6f0c1d7a-0008-4c1e-9a10-4e6f72646c08", "FN:Maëlle Kerguézennec", "N:Kerguézennec;Maëlle;;;", "ORG:Atelier Phare Ouest", "TITLE:Conceptrice lumière", "item1.EMAIL;TYPE=work:maelle@phare-ouest.example", "item1.X-ABLabel:atelier",
     "TEL;TYPE=work:02 61 91 88 71", "TEL;TYPE=cell:06 39 98 88 71", "ADR;TYPE=work:;;914 quai de la Fosse;Nantes;Pays de la Loire;44100;France", "LANG:fr", "CATEGORIES:specifier,trade fair 2026", "REV:20261015T140000Z"],
    ["KIND:individual", "UID:urn:uuid:6f0c1d7a-0009-4c1e-9a10-4e6f72646c09", "FN:차윤슬", "N:차;윤슬;;;", "ORG:새벽광학연구소", "TITLE:선임 연구원", "EMAIL:yunseul.cha@saebyeok-optics.example", "TEL;TYPE=work:+82 2 555 0871", "ADR;TYPE=work:;;성수이로 918;성동구;서울특별시;04780;대한민국",
     "LANG:ko", "X-NORDLICHT-BADGE:L-2311", "REV:20260505T010000Z"],
    ["KIND:individual", "UID:urn:uuid:6f0c1d7a-0010-4c1e-9a10-4e6f72646c10", "FN:Мирослава Криничанська", "N:Криничанська;Мирослава;Остапівна;;", "ORG:Архітектурна майстерня «Обрій»", "TITLE:архітекторка", "EMAIL;TYPE=work:miroslava@obrii.example", "EMAIL;TYPE=home:miroslava.k@example.org",
     "TEL;TYPE=cell:+380 50 000 0871", "ADR;TYPE=work:;;вулиця Ярославів Вал 918;Київ;;01054;Україна", "LANG;PREF=1:uk", "LANG;PREF=2:pl", "REV:20260911T073000Z"],
    ["KIND:individual", "UID:urn:uuid:6f0c1d7a-0011-4c1e-9a10-4e6f72646c11", "FN:Guadalupe “Lupe” Arroyo-Winters", "N:Arroyo-Winters;Guadalupe;;Ms.;P.E.", "NICKNAME:Lupe", "ORG:High Plains Lighting Group", "TITLE:Principal", "EMAIL;TYPE=work:lupe@highplains-lighting.example",
     "TEL;TYPE=work;PREF=1:(303) 555-0187", "TEL;TYPE=fax:(303) 555-0188", "ADR;TYPE=work:;Suite 410;9914 Blake St;Denver;CO;80205;USA", "URL:https://www.highplains-lighting.example", "TZ:America/Denver", "CATEGORIES:reseller", "REV:20261018T190000Z"],
    ["KIND:org", "UID:urn:uuid:6f0c1d7a-0012-4c1e-9a10-4e6f72646c12", "FN:Genossenschaft Windpark Brunsland eG", "ORG:Genossenschaft Windpark Brunsland eG", "EMAIL;TYPE=work:vorstand@windpark-brunsland.example", "TEL;TYPE=work;VALUE=uri:tel:+49-30-23125-772",
     "ADR;TYPE=work:;;Alt-Moabit 918;Berlin;Berlin;10559;Deutschland", "URL:https://www.windpark-brunsland.example", "LOGO:data:image/png;base64," + DOT, "CATEGORIES:prospect", "REV:20260420T110000Z"],
]

CARDS_3 = [
    ["FN:Ruth Ebersbacher", "N:Ebersbacher;Ruth;;Dipl.-Ing.;", "ORG:Ebersbacher & Partner\\, Beratende Ingenieure;Elektrotechnik", "TITLE:Partnerin", "EMAIL;TYPE=INTERNET,PREF:ruth@ebersbacher.example", "TEL;TYPE=WORK,VOICE:069 / 90009-773", "TEL;TYPE=CELL:+49 176 04069 773",
     "ADR;TYPE=WORK:;;Eschersheimer Landstraße 918;Frankfurt am Main;Hessen;60433;Deutschland", "NOTE:Plant für drei unserer Kunden. Möchte Preislisten als Datei\\, nicht gedruckt\\; Muster bitte immer mit Kabel\\nund mit beschriftetem Netzstecker.", "UID:partner-0001", "REV:2026-10-02T08:00:00Z"],
    ["FN:Giacomo Valsassino", "N:Valsassino;Giacomo;;;", "ORG:Valsassino Impianti S.r.l.", "TITLE:Titolare", "EMAIL;TYPE=INTERNET:giacomo@valsassino.example", "EMAIL;TYPE=INTERNET:ufficio@valsassino.example", "TEL;TYPE=WORK:02 00000871", "TEL;TYPE=CELL:+39 320 0000871",
     "ADR;TYPE=WORK:;;Via Bovisasca 918;Milano;MI;20157;Italia", "CATEGORIES:installer,partner", "UID:partner-0002", "REV:2026-09-21T08:00:00Z"],
    ["FN:Sigrid Hallgrenius", "N:Hallgrenius;Sigrid;Elsa;;", "ORG:Hallgrenius Elkonsult AB", "TITLE:Elkonstruktör", "EMAIL;TYPE=INTERNET:sigrid@hallgrenius.example", "TEL;TYPE=WORK:031-390 06 99", "ADR;TYPE=WORK:;;Första Långgatan 918;Göteborg;;413 27;Sverige", "BDAY:1984-02-29",
     "UID:partner-0003", "REV:2026-03-11T08:00:00Z"],
    ["FN:Montgomery Ashgrove", "N:Ashgrove;Montgomery;;Mr;", "ORG:Ashgrove Electrical Contractors Ltd", "TITLE:Contracts director", "EMAIL;TYPE=INTERNET,WORK:monty@ashgrove-electrical.example", "TEL;TYPE=WORK,PREF:020 7946 0877", "TEL;TYPE=WORK,FAX:020 7946 0878",
     "ADR;TYPE=WORK:;Unit 14;Canada Water Yard;London;;SE16 7ZZ;United Kingdom", "ADR;TYPE=HOME:;;914 Ladywell Road;London;;SE13 7ZZ;United Kingdom", "NOTE:Certified for the Lumo-Bus system since 2021. Holds spare gateways for our London customers\\, and looks after the weekend call-out rota.", "CATEGORIES:installer,partner,certified", "UID:partner-0004", "REV:2026-10-30T08:00:00Z"],
    ["FN:Éloïse de Montgravier", "N:de Montgravier;Éloïse;Marie,Anne;Mme;", "ORG:Bureau d'études Lumen & Fils", "TITLE:Ingénieure conseil", "EMAIL;TYPE=INTERNET:eloise@lumen-fils.example", "TEL;TYPE=WORK:01 99 00 88 71", "ADR;TYPE=WORK:;;918 boulevard Voltaire;Paris;Île-de-France;75011;France", "UID:partner-0005", "REV:2026-06-17T08:00:00Z"],
    ["FN:Jindřich Skřivánek", "N:Skřivánek;Jindřich;;Ing.;", "ORG:Skřivánek Elektro s.r.o.", "TITLE:jednatel", "EMAIL;TYPE=INTERNET:jindrich@skrivanek.example", "TEL;TYPE=WORK:+420 210 000 871", "ADR;TYPE=WORK:;;Koněvova 918;Praha;;130 00;Česko", "NICKNAME:Jindra", "UID:partner-0006", "REV:2026-01-20T08:00:00Z"],
    ["FN:Feride Gökçeada", "N:Gökçeada;Feride;;;", "ORG:Gökçeada Mühendislik", "TITLE:Elektrik mühendisi", "EMAIL;TYPE=INTERNET:feride@gokceada-muh.example", "TEL;TYPE=WORK:0212 555 08 71", "TEL;TYPE=CELL:+90 555 000 08 71", "ADR;TYPE=WORK:;;Büyükdere Caddesi 918\\, Kat 4;İstanbul;;34394;Türkiye",
     "UID:partner-0007", "REV:2026-07-08T08:00:00Z"],
    ["FN:Lichtwerkstatt Süderelbe GmbH", "N:;;;;", "ORG:Lichtwerkstatt Süderelbe GmbH", "EMAIL;TYPE=INTERNET:werkstatt@suederelbe-licht.example", "TEL;TYPE=WORK:040 66969-774", "ADR;TYPE=WORK:;;Harburger Ring 918;Hamburg;Hamburg;21073;Deutschland", "URL:https://www.suederelbe-licht.example", "X-ABShowAs:COMPANY",
     "NOTE:Repairs luminaires out of warranty. Price list: driver exchange 38\\, gasket 12\\, full overhaul 74 euros\\; turnaround ten days.", "UID:partner-0008", "REV:2026-11-02T08:00:00Z"],
]


def fold(line):
    """Folds at 75 octets and never inside a character (RFC 6350, 3.2)."""
    out, current = [], b""
    for char in line:
        raw = char.encode("utf-8")
        if len(current) + len(raw) > 75:
            out.append(current)
            current = b" "
        current += raw
    out.append(current)
    return b"\r\n".join(out) + b"\r\n"


def vcards(cards, version):
    out = b""
    for card in cards:
        for line in ["BEGIN:VCARD", "VERSION:" + version] + card + ["END:VCARD"]:
            out += fold(line)
    return out


# ---------------------------------------------------------------------------
# The two broken files
# ---------------------------------------------------------------------------

def broken_people():
    head = HEADERS["people.csv"].split(",")

    def row(key, given, family, email, tel, country, city, lang, org="ORG-005", **more):
        values = dict.fromkeys(head, "")
        values.update(key=key, given_name=given, family_name=family, organisation_key=org, email=email, phone=tel, city=city, country=country, language=lang,
                      source="trade fair", owner=ANNIKA)
        values.update(more)
        return values

    return [
        row("BRK-01", "Gudrun", "Espenhain", "gudrun.espenhain@spreewerk.example", "030 23125 981", "DE", "Berlin", "de", salutation="Frau", job_title="Meisterin Elektrowerkstatt"),
        row("BRK-02", "Torsten", "Kiebitz", "torsten.kiebitz(at)spreewerk.example", "030 23125 982", "DE", "Berlin", "de", notes="bad: the e-mail address has no @"),
        row("BRK-03", "Alban", "Derrington", "alban.derrington@whitmoor.example", "0161 496 0983", "GB", "Manchester", "en-GB", org="ORG-037", owner=OLIVER, job_title="Shift Supervisor"),
        row("BRK-04", "Wiebke", "Tannhauser", "wiebke.tannhauser@spreewerk.example", "030 23125 983", "DE", "Berlin", "de", birth_date="1987-02-30", notes="bad: there is no 30 February"),
        row("BRK-05", "Orla", "Kinsellagh", "orla.kinsellagh@example.org", "020 7946 0984", "GB", "London", "en-GB", org="ORG-999", owner=OLIVER, notes="bad: no organisation has the key ORG-999"),
        row("BRK-06", "Piero", "Campolungo", "piero.campolungo@bellavalle.example", "+39 02 00000985", "IT", "Milano", "it", org="ORG-057", owner=GIULIA, job_title="Magazziniere"),
        row("BRK-07", "Kunigunde", "von " + "und zu Hohenstein-Wolkenbruch-" * 66 + "Ende", "kunigunde@spreewerk.example", "030 23125 986", "DE", "Berlin", "de", notes="bad: family name of about 2,000 characters"),
        row("BRK-08", "Sølvi", "Grannes", "solvi.grannes@trondmo.example", "21 00 09 87", "NO", "Oslo", "nb", org="ORG-072", owner=LARS, job_title="Automation Engineer"),
        row("BRK-09", "Detlev", "Marquardsen", "detlev.marquardsen@spreewerk.example", "call reception, ext. ??", "DE", "Berlin", "de", notes="bad: the phone number is a sentence"),
        row("BRK-10", "Núria", "Ferrándiz Olmo", "nuria.ferrandiz@costa-brava.example", "93 000 09 88", "ES", "Barcelona", "es", org="ORG-054", owner=MATEO, job_title="Responsable de almacén"),
        row("BRK-11", "", "", "nobody@spreewerk.example", "030 23125 989", "DE", "Berlin", "de", notes="bad: neither given nor family name"),
        row("BRK-12", "Ayşe Nur", "Bağcıoğlu", "aysenur@ege-isik.example", "0232 555 09 90", "TR", "İzmir", "tr", org="ORG-080", owner=GIULIA, job_title="Sales Engineer"),
    ]


BROKEN_QUOTE = """key,given_name,family_name,organisation_key,email,notes
QTE-01,Jasper,Holmqvist,ORG-005,jasper.holmqvist@spreewerk.example,"A good row, with a comma"
QTE-02,Merle,Ostrander,ORG-005,merle.ostrander@spreewerk.example,"She said ""later"" and this is still fine"
QTE-03,Quirin,Staudacher,ORG-005,quirin.staudacher@spreewerk.example,"This quote is never closed
QTE-04,Tomke,Wilkens,ORG-005,tomke.wilkens@spreewerk.example,A reader sees this line as part of the note above
"""


# ---------------------------------------------------------------------------
# Writing
# ---------------------------------------------------------------------------

def to_csv(name, rows):
    head = HEADERS[name].split(",")
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(head)
    for row in rows:
        writer.writerow([row[field] for field in head])
    return buffer.getvalue().encode("utf-8")


README = """# Sample organisation: Nordlicht Werke

Nordlicht Werke is an invented, mid-size European maker of industrial lighting and lighting controls.  It sells to firms in
Europe, the United Kingdom and the United States, buys parts in Asia, and runs a service desk.  The files are read by the
importer of the quickstart example.  They look as if they had been exported on {today}: deals that were won or lost lie
before that day, open deals and planned activities run up to it and beyond.

Everything here is written by `generate.py` (Python 3 standard library, fixed seed).  `python3 generate.py` writes the files
and checks them; `python3 generate.py --check` only compares the files on disk with what it would write.  Change the
generator, not its output.

## Files

| File | Records | What it is |
| --- | ---: | --- |
{table}
| `broken/people.csv` | {broken} | Same columns as `people.csv`: six good rows, six bad ones (the column `notes` says why) |
| `broken/quote.csv` | 4 | The quote opened in the third record is never closed; two good records come before it |

All CSV files are UTF-8 without a byte order mark, separated by commas, quoted as in RFC 4180, with one header row and line
feeds as line ends.  Days are ISO 8601, moments RFC 3339 (cases in UTC, activities with the offset of their owner's time
zone).  Lists inside a field are separated by semicolons (`tags`, `required_fields`).  An empty field means "not known".

## How the files refer to each other

- `organisations.parent_key` → `organisations.key`.  The parent always stands before its child.
- `people.organisation_key` → `organisations.key`; empty for private persons.  Where national phone numbers are used,
  `country` of the same row says how to read them.
- `affiliations`: a person's further organisations, next to `people.organisation_key`; an empty `to` means "still".
- `relationships`: "*person_key* is *type* *other_key*", so `manager of` reads from the manager.  No pair appears twice.
- `deals.pipeline` + `deals.stage` → `stages.csv`; `primary_contact_key` → a person of the deal's organisation.
  `stages.required_fields` names columns of `deals.csv` that must be filled in that stage, and are.
- `cases.requester_key` → `people.key`, `cases.organisation_key` is that person's organisation.
- `case_messages.case_key` → `cases.key`; `author` is a person key where `author_type` is `requester`, a user's e-mail
  address where it is `agent`.  The opening text of a case is its `description`; the messages are what followed.
- `activities`: `person_key`, `organisation_key` and `deal_key` say what the activity is about.  Tasks have `due_at`, calls
  and meetings have `start_at`, `end_at` and `duration_minutes`, notes have `start_at`.
- `owner` is everywhere the e-mail address of a row in `users.csv`, `users.team` a name in `teams.csv`, `teams.lead` a user.
- Persons and firms in the two vCard files are not in the CSV files.

## Values

- `stages.type`: open, on_hold, won, lost; `forecast_category`: pipeline, best_case, commit, omitted, closed;
  `probability` in percent.
- `deals.currency`: {deal_currencies}.  Amounts in JPY have no decimals.  Deals: {won} won, {lost} lost, {open} open.
- `cases.status`: new, in_progress, waiting_for_customer, on_hold, resolved, closed; `priority`: low, normal, high, urgent;
  `channel`: email, phone, web, chat; queues: {queues}.
- `activities.kind`: task, call, meeting, note; `status`: open, done, cancelled.
- `relationships.type`: {relations}.

## Invented data, licence

These files were made for this project and carry its licence, MIT OR Apache-2.0.  No record describes a real person or a real
firm; likeness to any is an accident.  E-mail and web addresses lie under `example.com`, `example.org`, `example.net` and
`.example`, which are reserved and never delivered.  Phone numbers come from the blocks that the regulators keep free for
film and print where such blocks exist (Germany, United Kingdom, United States and Canada, France, Sweden, Australia);
elsewhere they only have the right length and shape.  VAT numbers only have the right shape.  Street numbers are made up.
"""

ABOUT = {
    "teams.csv": "Teams of Nordlicht Werke", "users.csv": "Its users, the owners of all records",
    "organisations.csv": "Customers, prospects, resellers and suppliers; several groups of two or three levels",
    "people.csv": "Contact persons in many scripts, a few private persons, some households at one address",
    "affiliations.csv": "Persons who also work in a second organisation", "relationships.csv": "Relations between two persons",
    "stages.csv": "Stages of the pipelines “New business” and “Service contracts”", "deals.csv": "Deals in all stages",
    "cases.csv": "Service cases", "case_messages.csv": "Messages and internal notes of the cases", "activities.csv": "Tasks, calls, meetings and notes",
}


def build():
    orgs = build_organisations()
    people, households = build_people(orgs)
    deals = build_deals(orgs)
    cases, messages = build_cases(people)
    activities = build_activities(deals, orgs, people)
    tables = {
        "teams.csv": [dict(zip(HEADERS["teams.csv"].split(","), t)) for t in TEAMS],
        "users.csv": [{"name": u[0], "email": USER_MAIL[u[0]], "team": u[2], "role": u[3], "time_zone": u[4], "locale": u[5], "phone": u[6]} for u in USERS],
        "organisations.csv": orgs, "people.csv": people, "affiliations.csv": build_affiliations(orgs, people),
        "relationships.csv": build_relationships(orgs, people, households),
        "stages.csv": [dict(zip(HEADERS["stages.csv"].split(","), [str(v) for v in s])) for s in STAGES],
        "deals.csv": deals, "cases.csv": cases, "case_messages.csv": messages, "activities.csv": activities,
    }
    files = {name: to_csv(name, rows) for name, rows in tables.items()}
    files["contacts-extra.vcf"] = vcards(CARDS_4, "4.0")
    files["partners.vcf"] = vcards(CARDS_3, "3.0")
    HEADERS["broken/people.csv"] = HEADERS["people.csv"]
    broken = broken_people()
    files["broken/people.csv"] = to_csv("broken/people.csv", broken)
    files["broken/quote.csv"] = BROKEN_QUOTE.encode("utf-8")
    table = ["| `%s` | %d | %s |" % (name, len(rows), ABOUT[name]) for name, rows in tables.items()]
    table.append("| `contacts-extra.vcf` | %d | vCard 4.0, further contacts: several addresses, photo, labels, other scripts |" % len(CARDS_4))
    table.append("| `partners.vcf` | %d | vCard 3.0, planners and installers: folded lines, escaped commas |" % len(CARDS_3))
    kinds = [d["_kind"] for d in deals]
    files["README.md"] = README.format(
        today=iso(TODAY), table="\n".join(table), broken=len(broken), won=kinds.count("won"), lost=kinds.count("lost"), open=kinds.count("open") + kinds.count("on_hold"),
        deal_currencies=", ".join(sorted({d["currency"] for d in deals})), queues=", ".join(sorted({c["queue"] for c in cases})),
        relations=", ".join(sorted({r["type"] for r in tables["relationships.csv"]}))).encode("utf-8")
    files[".gitattributes"] = b"# generate.py --check compares bytes\n*.csv -text\n*.vcf -text\n"
    return files


# ---------------------------------------------------------------------------
# Self-check: reads the files again and trusts nothing from above
# ---------------------------------------------------------------------------

def check():
    faults = []

    def want(ok, text):
        if not ok:
            faults.append(text)

    def load(name):
        with open(os.path.join(HERE, name), encoding="utf-8", newline="") as handle:
            rows = list(csv.reader(handle, strict=True))
        want(",".join(rows[0]) == HEADERS[name], name + ": header")
        want(all(len(r) == len(rows[0]) for r in rows), name + ": ragged row")
        want(all(field == field.strip() for r in rows for field in r), name + ": space around a field")
        want(all(unicodedata.is_normalized("NFC", field) for r in rows for field in r), name + ": not NFC")
        return [dict(zip(rows[0], r)) for r in rows[1:]]

    t = {name[:-4]: load(name) for name in HEADERS if not name.startswith("broken/")}
    least = {"teams": 3, "users": 8, "organisations": 90, "people": 340, "affiliations": 30, "relationships": 40, "stages": 11, "deals": 170,
             "cases": 140, "case_messages": 350, "activities": 250}
    for name, count in least.items():
        want(len(t[name]) >= count, "%s: %d rows, wanted %d" % (name, len(t[name]), count))
    keys = {}
    for name in ("organisations", "people", "deals", "cases", "activities"):
        ids = [r["key"] for r in t[name]]
        want(len(ids) == len(set(ids)), name + ": key twice")
        keys[name] = {r["key"]: r for r in t[name]}
    users = {u["email"] for u in t["users"]}
    teams = {x["name"] for x in t["teams"]}
    want(teams == {"Sales North", "Sales South", "Service"}, "teams")
    want(len(users) == 8 and all(u["team"] in teams for u in t["users"]) and all(x["lead"] in users for x in t["teams"]), "users and teams")

    mail_shape = re.compile(r"^[a-z0-9]+([.'-][a-z0-9]+)*@(example\.(com|org|net)|[a-z0-9-]+\.example)$")
    day_shape, moment_shape = re.compile(r"^\d{4}-\d\d-\d\d$"), re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$")
    mails = []
    for name, rows in t.items():
        for r in rows:
            where = "%s %s: " % (name, r.get("key") or r.get("name") or list(r.values())[:2])
            for field, value in r.items():
                if not value:
                    continue
                if field in ("email", "second_email"):
                    want(mail_shape.match(value), where + "e-mail " + value)
                    mails.append(value)
                elif field == "website":
                    want(re.match(r"^https://www\.[a-z0-9-]+\.example$", value), where + "website")
                elif field in ("phone", "mobile"):
                    digits = re.sub(r"\D", "", value)
                    want(7 <= len(digits) <= 15 and re.match(r"^[0-9+() ./-]+$", value) and "  " not in value, where + "phone " + value)
                elif field.endswith("_date") or field in ("from", "to", "since"):
                    want(day_shape.match(value), where + field)
                    dt.date.fromisoformat(value)
                elif field.endswith("_at"):
                    want(moment_shape.match(value), where + field)
                    dt.datetime.fromisoformat(value.replace("Z", "+00:00"))
                elif field == "owner":
                    want(value in users, where + "owner " + value)
                elif field in ("organisation_key", "parent_key"):
                    want(value in keys["organisations"], where + field)
                elif field in ("person_key", "other_key", "requester_key", "primary_contact_key"):
                    want(value in keys["people"], where + field)
                elif field == "deal_key":
                    want(value in keys["deals"], where + field)
                elif field == "case_key":
                    want(value in keys["cases"], where + field)
                elif field == "currency":
                    want(re.match(r"^[A-Z]{3}$", value), where + field)
                elif field == "country":
                    want(value in DIAL, where + field)
                elif field in ("amount", "annual_revenue"):
                    shape = r"^\d+$" if r["currency"] in NO_MINOR_UNIT else r"^\d+\.\d\d$"
                    want(re.match(shape, value), where + field)
                if "{" in value or "}" in value:
                    faults.append(where + "unfilled slot in " + field)
    want(len(mails) == len(set(mails)), "an e-mail address twice: %s" % [m for m in mails if mails.count(m) > 1][:3])
    numbers = [re.sub(r"\D", "", r[f]) + r["country"] for n in ("organisations", "people") for r in t[n] for f in ("phone", "mobile") if r.get(f)]
    want(len(numbers) == len(set(numbers)), "a phone number twice")

    seen, depth = set(), {}
    for o in t["organisations"]:
        want(not o["parent_key"] or o["parent_key"] in seen, o["key"] + ": parent after child")
        depth[o["key"]] = 1 + depth.get(o["parent_key"], 0)
        seen.add(o["key"])
    want(max(depth.values()) == 3, "no hierarchy of three levels")
    want(len({o["name"] for o in t["organisations"]}) == len(t["organisations"]), "organisation name twice")

    names = [(p["given_name"], p["middle_name"], p["family_name"]) for p in t["people"]]
    want(len(names) == len(set(names)), "person name twice")
    want(all(p["given_name"] and p["family_name"] and p["country"] for p in t["people"]), "person without name or country")
    without = sum(1 for p in t["people"] if not p["organisation_key"])
    want(5 <= without <= 40, "%d persons without organisation" % without)
    scripts = {"CYRILLIC", "GREEK", "ARABIC", "CJK", "HANGUL", "LATIN"}
    found = {unicodedata.name(c).split()[0] for p in t["people"] for c in p["family_name"] if c.isalpha()}
    want(scripts <= found, "scripts missing: %s" % (scripts - found))
    letters = "äöüßłøİıřéñŞ"
    everything = "".join(p["given_name"] + p["family_name"] for p in t["people"])
    want(all(c in everything for c in letters), "letters missing: %s" % [c for c in letters if c not in everything])

    stages = {(s["pipeline"], s["stage"]): s for s in t["stages"]}
    want(len(stages) == len(t["stages"]), "stage twice")
    for s in t["stages"]:
        want(s["forecast_category"] in ("pipeline", "best_case", "commit", "omitted", "closed") and s["type"] in ("open", "on_hold", "won", "lost"), "stage values")
        want(0 <= int(s["probability"]) <= 100 and all(f in t["deals"][0] for f in s["required_fields"].split(";")), "stage fields")
    for d in t["deals"]:
        stage = stages.get((d["pipeline"], d["stage"]))
        want(stage, d["key"] + ": stage")
        closed = stage["type"] in ("won", "lost")
        want(bool(d["closed_date"]) == closed and bool(d["lost_reason"]) == (stage["type"] == "lost"), d["key"] + ": closed or lost fields")
        want(all(d[f] for f in stage["required_fields"].split(";")), d["key"] + ": required field empty")
        want(bool(d["primary_contact_key"]) == bool(d["contact_role"]), d["key"] + ": role")
        if d["primary_contact_key"]:
            want(keys["people"][d["primary_contact_key"]]["organisation_key"] == d["organisation_key"], d["key"] + ": contact of another organisation")
        want(d["created_date"] <= min(d["expected_close_date"], d["closed_date"] or iso(TODAY)), d["key"] + ": dates")
        want(not d["closed_date"] or d["closed_date"] <= iso(TODAY), d["key"] + ": closed in the future")
    share = 100 * sum(1 for d in t["deals"] if d["closed_date"]) // len(t["deals"])
    want(40 <= share <= 50, "closed deals: %d %%" % share)
    want({"EUR", "GBP", "USD", "SEK", "JPY"} == {d["currency"] for d in t["deals"]}, "deal currencies")
    want(len({d["name"] for d in t["deals"]}) == len(t["deals"]), "deal name twice")

    limit = iso(TODAY) + "T23"
    want(len({c["subject"] for c in t["cases"]}) >= 100, "too few distinct subjects")
    for c in t["cases"]:
        want(c["status"] in ("new", "in_progress", "waiting_for_customer", "on_hold", "resolved", "closed"), c["key"] + ": status")
        want(c["priority"] in ("low", "normal", "high", "urgent") and c["channel"] in ("email", "phone", "web", "chat"), c["key"] + ": values")
        want(bool(c["resolved_at"]) == (c["status"] in ("resolved", "closed")), c["key"] + ": resolved_at")
        want(not c["resolved_at"] or c["created_at"] < c["resolved_at"] < limit, c["key"] + ": resolved before created or in the future")
        want(c["created_at"] < limit, c["key"] + ": created in the future")
        want(keys["people"][c["requester_key"]]["organisation_key"] == c["organisation_key"], c["key"] + ": organisation")
        want(c["owner"] or c["status"] == "new", c["key"] + ": no owner")
    before = {}
    for m in t["case_messages"]:
        case = keys["cases"][m["case_key"]]
        want(m["visibility"] in ("public", "internal"), "visibility")
        want(m["author"] == case["requester_key"] if m["author_type"] == "requester" else m["author"] in users, m["case_key"] + ": author")
        want(not (m["author_type"] == "requester" and m["visibility"] == "internal"), m["case_key"] + ": internal message of a requester")
        want(before.get(m["case_key"], case["created_at"]) <= m["sent_at"] < limit, m["case_key"] + ": order of messages")
        before[m["case_key"]] = m["sent_at"]

    for a in t["activities"]:
        want(a["kind"] in ("task", "call", "meeting", "note") and a["status"] in ("open", "done", "cancelled"), a["key"] + ": values")
        want(a["person_key"] or a["deal_key"] or a["organisation_key"], a["key"] + ": about nothing")
        want(bool(a["due_at"]) == (a["kind"] == "task") and bool(a["start_at"]) == (a["kind"] != "task"), a["key"] + ": times")
        want(bool(a["end_at"]) == (a["kind"] in ("call", "meeting")) == bool(a["duration_minutes"]), a["key"] + ": end")
        want(bool(a["completed_at"]) == (a["status"] == "done"), a["key"] + ": completed_at")
        want(a["status"] != "done" or a["completed_at"][:10] <= iso(TODAY), a["key"] + ": done in the future")
        if a["end_at"]:
            span = dt.datetime.fromisoformat(a["end_at"]) - dt.datetime.fromisoformat(a["start_at"])
            want(span.total_seconds() == 60 * int(a["duration_minutes"]), a["key"] + ": duration")
        if a["deal_key"]:
            want(keys["deals"][a["deal_key"]]["organisation_key"] == a["organisation_key"], a["key"] + ": deal of another organisation")
        if a["person_key"]:
            want(keys["people"][a["person_key"]]["organisation_key"] == a["organisation_key"], a["key"] + ": person of another organisation")

    couples = [frozenset((r["person_key"], r["other_key"])) for r in t["relationships"]]
    want(len(couples) == len(set(couples)) and all(len(c) == 2 for c in couples), "relationship twice or with oneself")
    for r in t["affiliations"]:
        want(keys["people"][r["person_key"]]["organisation_key"] != r["organisation_key"], "affiliation to the main organisation")
        want(not r["to"] or r["from"] < r["to"], "affiliation dates")

    all_mail = set(mails)
    for name, count, version in (("contacts-extra.vcf", 12, "4.0"), ("partners.vcf", 8, "3.0")):
        with open(os.path.join(HERE, name), "rb") as handle:
            raw = handle.read()
        want(raw.count(b"BEGIN:VCARD\r\n") == raw.count(b"END:VCARD\r\n") == raw.count(b"VERSION:" + version.encode() + b"\r\n") == count, name + ": cards")
        want(b"\n" not in raw.replace(b"\r\n", b"") and b"QUOTED-PRINTABLE" not in raw and b"\r\n " in raw, name + ": lines")
        want(all(len(line) <= 75 for line in raw.split(b"\r\n")), name + ": line too long")
        for line in raw.split(b"\r\n"):
            line.decode("utf-8")
        text = raw.replace(b"\r\n ", b"").decode("utf-8")
        for mail in re.findall(r"[A-Za-z0-9._-]+@[A-Za-z0-9.-]+", text):
            want(mail_shape.match(mail) and mail not in all_mail, name + ": e-mail " + mail)
            all_mail.add(mail)
    bad = load("broken/people.csv")
    want(len(bad) == 12 and sum(1 for r in bad if r["notes"].startswith("bad:")) == 6, "broken/people.csv: six good and six bad rows")
    for r in bad:
        if not r["notes"].startswith("bad:"):
            want(mail_shape.match(r["email"]) and r["email"] not in all_mail and r["organisation_key"] in keys["organisations"], r["key"] + ": should be good")
            want(r["email"].split("@")[1] in keys["organisations"].get(r["organisation_key"], {}).get("email", ""), r["key"] + ": e-mail of another organisation")
    for fault in faults:
        print("FAULT  " + fault, file=sys.stderr)
    if faults:
        return False
    for name, rows in t.items():
        print("%-18s %4d rows" % (name, len(rows)))
    print("ok")
    return True


def main():
    files = build()
    if "--check" in sys.argv[1:]:
        different = []
        for name, data in sorted(files.items()):
            try:
                with open(os.path.join(HERE, name), "rb") as handle:
                    same = handle.read() == data
            except FileNotFoundError:
                same = False
            if not same:
                different.append(name)
        for name in different:
            print("DIFFERS  " + name, file=sys.stderr)
        return 0 if not different and check() else 1
    for name, data in files.items():
        path = os.path.join(HERE, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as handle:
            handle.write(data)
    return 0 if check() else 1


if __name__ == "__main__":
    sys.exit(main())
