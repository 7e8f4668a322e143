// SPDX-License-Identifier: Apache-2.0
// Text packing by language, on texts that no model was trained with: "inside" is every twentieth
// text of the training's sources, "outside" the Universal Declaration of Human Rights. Short texts
// and mails are of SpamAssassin's easy-ham-2; the mail model learned from easy-ham-1, of the same
// mailing lists.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <iterator>

#include "radio/trunk/pack/deflate.h"
#include "tests/bench/bench.h"
#include "tests/unit/radio/trunk/pack/built_models.h"

namespace waypost::bench {
namespace {

using namespace waypost::pack;

constexpr std::size_t kLimit = 1u << 20;
constexpr ModelSet kEnglish = 1;
constexpr ModelSet kAll = 0xFFFF;

std::size_t characters(std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

// The machine may have other work.
double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

struct TextFigures {
    double inside = 0;  // bits a character of the worst language, texts of a kind with the training
    double outside = 0;     // likewise, of another kind
    double short_text = 0;  // bytes packed for 100 bytes of short English texts
    double mail = 0;        // bytes packed, mean of mails of about 1.7 KB; 0: no mail model
};

struct Sum {
    double texts = 0;
    double bytes = 0;
    double characters = 0;
    double packed = 0;
    double deflated = 0;
    double packing = 0;  // seconds of processor time
    double unpacking = 0;

    double bits() const { return packed * 8 / characters; }
};

Sum packed_sum(Packer& packer, const std::vector<std::string>& texts, ModelSet shared) {
    Sum sum;
    for (const std::string& text : texts) {
        const double began = processor_seconds();
        const std::string code = packer.pack(text, shared);
        const double packed = processor_seconds();
        const auto back = packer.unpack(code, kLimit);
        sum.packing += packed - began;
        sum.unpacking += processor_seconds() - packed;
        if (!back.ok() || *back != text) throw std::runtime_error("a text did not come back");
        sum.texts += 1;
        sum.bytes += static_cast<double>(text.size());
        sum.characters += static_cast<double>(characters(text));
        sum.packed += static_cast<double>(code.size());
        sum.deflated += static_cast<double>(deflate_raw(text).size());
    }
    return sum;
}

void tell(const std::string& name, const Sum& sum) {
    char note[120];
    std::snprintf(note, sizeof note, "%.0f texts, mean %.1f bytes -> %.1f, deflate %.1f", sum.texts,
                  sum.bytes / sum.texts, sum.packed / sum.texts, sum.deflated / sum.texts);
    row(name, sum.bits(), "bit/char", note);
}

void languages_of(Packer& packer, TextFigures& figures) {
    for (const ModelKind& kind : kModelKinds) {
        if (kind.id == ModelId::Mail) continue;
        const std::string name(kind.name);
        const auto bits = [&](const char* of) {
            const Sum sum =
                packed_sum(packer, texts_to_pack(WAYPOST_TRUNK_TEXTS, kind.name, of), kAll);
            tell(name + ' ' + of, sum);
            return sum.bits();
        };
        figures.inside = std::max(figures.inside, bits("inside"));
        figures.outside = std::max(figures.outside, bits("outside"));
    }
}

void mails_of(Packer& packer, TextFigures& figures) {
    const auto shorts = fetched_texts("short.outside.txt");
    const auto mails = fetched_texts("mail.inside.txt");
    if (shorts.empty() || mails.empty()) {
        std::puts("no mails: ./dev setup fetches them");
        return;
    }
    const Sum without = packed_sum(packer, shorts, kEnglish);
    tell("en short, by the English model alone", without);
    const Sum with = packed_sum(packer, shorts, kAll);
    tell("en short, by all models", with);
    figures.short_text = with.packed / with.bytes * 100;
    const Sum mail = packed_sum(packer, mails, kAll);
    tell("mails, seven headers and body", mail);
    figures.mail = mail.packed / mail.texts;
    row("pack short texts", with.texts / with.packing, "/s", "nine models tried");
    row("unpack short texts", with.texts / with.unpacking, "/s");
    row("pack mails", mail.bytes / mail.packing / 1000, "KB/s", "nine models tried");
    row("unpack mails", mail.bytes / mail.unpacking / 1000, "KB/s");
}

void start(const std::vector<std::unique_ptr<Model>>& models, double seconds, double before) {
    const double count = static_cast<double>(models.size());
    row("open a model", seconds / count * 1000, "ms", "its sum checked");
    row("a model on disk and mapped", sizeof(ModelState) / 1e6, "MB");
    row("a model at rest", (memory_of(getpid()).private_dirty - before) / count, "MiB",
        "private dirty");
    const auto folder =
        std::filesystem::temp_directory_path() / ("waypost-trunk-text-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder);
    const double began = processor_seconds();
    const auto built = open_models(folder, {WAYPOST_TRUNK_TRAINING, WAYPOST_TRUNK_FETCHED});
    row("build a model", (processor_seconds() - began) / static_cast<double>(built.built.size()),
        "s", "speeds and times are of the processor");
    std::filesystem::remove_all(folder);
}

// Prints a row for each language and for speed, memory and start. Throws if a text does not come
// back.
TextFigures measure() {
    const double before = memory_of(getpid()).private_dirty;
    const double began = processor_seconds();
    auto models = built_models();
    start(models, processor_seconds() - began, before);
    Packer packer(std::move(models));
    TextFigures figures;
    languages_of(packer, figures);
    mails_of(packer, figures);
    row("models after all that", memory_of(getpid()).private_dirty - before, "MiB",
        "private dirty, all of them");
    packer.rest();
    row("models at rest again", memory_of(getpid()).private_dirty - before, "MiB",
        "private dirty, all of them");
    row("worst language inside", figures.inside, "bit/char", "at most 2.7");
    row("worst language outside", figures.outside, "bit/char", "at most 3.2");
    row("100 bytes of short English texts", figures.short_text, "bytes", "at most 57");
    row("mail", figures.mail, "bytes", "at most 530");
    return figures;
}

}  // namespace

int trunk_text() {
    const TextFigures figures = measure();
    print({"trunk-text", figures.outside, "", 0, "bit/char", 0});
    const bool kept = figures.inside <= 2.7 && figures.outside <= 3.2 && figures.short_text <= 57 &&
                      figures.mail <= 530;
    return kept ? 0 : 1;
}

}  // namespace waypost::bench
