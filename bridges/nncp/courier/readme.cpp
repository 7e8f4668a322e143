// SPDX-License-Identifier: Apache-2.0
#include "bridges/nncp/courier/readme.h"

#include <fcntl.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include "bridges/nncp/spool/files.h"

namespace waypost::nncp {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kLines[] = {
    "English",
    "This folder carries letters between post offices that have no line to each other.",
    "Please do not delete, rename or change it. The letters are sealed; only their receivers can "
    "open them.",
    "Found it? Give this stick to the nearest post office of this kind, or to someone who travels "
    "to one. Plug it into the box there, and pull it when the light shines steadily.",
    "",
    "Español",
    "Esta carpeta lleva cartas entre oficinas de correo que no tienen conexión entre sí.",
    "Por favor, no la borre, no la cambie ni le ponga otro nombre. Las cartas están selladas; solo "
    "sus destinatarios pueden abrirlas.",
    "¿La ha encontrado? Entregue esta memoria en la oficina de este tipo más cercana, o a alguien "
    "que viaje a una. Se conecta allí a la caja y se saca cuando la luz queda fija.",
    "",
    "Français",
    "Ce dossier transporte des lettres entre des bureaux de poste qui ne sont pas reliés entre "
    "eux.",
    "Merci de ne pas l'effacer, le renommer ni le modifier. Les lettres sont scellées ; seuls "
    "leurs "
    "destinataires peuvent les ouvrir.",
    "Vous l'avez trouvé ? Donnez cette clé au bureau de ce genre le plus proche, ou à quelqu'un "
    "qui "
    "s'y rend. On la branche sur le boîtier et on la retire quand la lumière reste allumée.",
    "",
    "Português",
    "Esta pasta leva cartas entre postos de correio que não têm ligação entre si.",
    "Por favor, não a apague, não a altere nem lhe mude o nome. As cartas estão seladas; só os "
    "destinatários as podem abrir.",
    "Encontrou-a? Entregue esta memória no posto deste tipo mais próximo, ou a alguém que viaje "
    "para "
    "um. Liga-se ali à caixa e retira-se quando a luz ficar fixa.",
    "",
    "العربية",
    "ينقل هذا المجلد رسائل بين مكاتب بريد لا اتصال بينها.",
    "من فضلك لا تحذفه ولا تغيّره ولا تغيّر اسمه. الرسائل مختومة، ولا يستطيع فتحها إلا من أُرسلت إليه.",
    "هل وجدته؟ أعطِ هذه الذاكرة لأقرب مكتب من هذا النوع، أو لمن يسافر إلى واحد منها. توصَل هناك "
    "بالصندوق، وتُنزع حين يثبت الضوء.",
    "",
    "हिन्दी",
    "यह फ़ोल्डर उन डाकघरों के बीच चिट्ठियाँ ले जाता है जो आपस में जुड़े नहीं हैं।",
    "कृपया इसे न मिटाएँ, न बदलें, न इसका नाम बदलें। चिट्ठियाँ मुहरबंद हैं; इन्हें केवल पाने वाले ही खोल सकते हैं।",
    "यह आपको मिला? यह स्टिक ऐसे सबसे नज़दीकी डाकघर को दें, या किसी ऐसे को जो वहाँ जा रहा हो। वहाँ इसे डिब्बे में "
    "लगाएँ, और जब बत्ती लगातार जलने लगे तब निकालें।",
    "",
    "Kiswahili",
    "Folda hii hubeba barua kati ya ofisi za posta ambazo hazina mawasiliano ya moja kwa moja.",
    "Tafadhali usiifute, usiibadilishe wala kuipa jina jingine. Barua zimefungwa; wanaopelekewa tu "
    "ndio wanaoweza kuzifungua.",
    "Umeipata? Mpe flashi hii ofisi ya aina hii iliyo karibu, au mtu anayesafiri kwenda huko. "
    "Huchomekwa kwenye kisanduku cha huko, na huchomolewa taa ikiwaka bila kupepesa.",
    "",
    "Українська",
    "Ця тека переносить листи між поштовими відділеннями, які не мають зв'язку одне з одним.",
    "Будь ласка, не видаляйте, не перейменовуйте й не змінюйте її. Листи запечатані; відкрити їх "
    "можуть лише отримувачі.",
    "Знайшли її? Передайте цей накопичувач до найближчого такого відділення або тому, хто туди "
    "їде. "
    "Там його вставляють у скриньку й виймають, коли світло горить рівно.",
};

const std::string& whole() {
    static const std::string text = [] {
        std::string lines;
        for (const auto line : kLines) lines += std::string(line) + "\r\n";
        return lines;
    }();
    return text;
}

}  // namespace

std::string_view readme_text() { return whole(); }

Result<void> write_readme(const fs::path& folder) {
    const fs::path file = folder / kReadme;
    std::error_code none;
    if (fs::is_regular_file(fs::symlink_status(file, none)) &&
        fs::file_size(file, none) == whole().size()) {
        std::ifstream in(file, std::ios::binary);
        if (std::string(std::istreambuf_iterator<char>(in), {}) == whole()) return {};
    }
    const fs::path working = folder / "nncpreadme.tmp";
    (void)::unlink(working.c_str());
    const Fd fd(::open(working.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666));
    if (!fd.good()) return disk_error("write " + working.string());
    auto done = write_all(fd.get(),
                          {reinterpret_cast<const std::uint8_t*>(whole().data()), whole().size()});
    if (done.ok() && ::fsync(fd.get()) != 0) done = disk_error("sync " + working.string());
    if (done.ok() && ::rename(working.c_str(), file.c_str()) != 0)
        done = disk_error("name " + file.string());
    if (!done.ok()) (void)::unlink(working.c_str());
    return done;
}

}  // namespace waypost::nncp
