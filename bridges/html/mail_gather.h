// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bridges/html/html_gather.h"
#include "bridges/html/html_text.h"

namespace waypost {

// What mail programs and newsletters write: html_mail_to_text().
class MailGather final : public HtmlGather {
  public:
    MailGather(std::size_t most, IntroducesQuote introduces)
        : HtmlGather(most), introduces_(introduces) {}

    std::string take() override;

  private:
    struct Link {
        std::size_t at = 0;
        std::string target;
    };
    struct TextLine {
        std::size_t end = 0;  // in out_, after its line feed
        bool links = false;   // and nothing else
    };

    bool is_quote(HtmlAttributes attributes) const override;
    void link_opened(HtmlAttributes attributes) override;
    void link_closed() override;
    void line_ended() override;
    bool introduced() const;
    void add_links();
    bool in_menu(const TextLine& line, std::size_t begin) const;
    std::string without_menus() const;

    const IntroducesQuote introduces_;
    std::string target_;
    std::size_t link_text_ = 0;
    std::vector<Link> links_;
    std::vector<TextLine> lines_;
};

}  // namespace waypost
