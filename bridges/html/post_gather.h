// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "bridges/html/html_gather.h"
#include "bridges/html/html_text.h"

namespace waypost {

// What servers of the fediverse write: html_post_to_text().
class PostGather final : public HtmlGather {
  public:
    explicit PostGather(const HtmlPostOptions& options)
        : HtmlGather(options.most), options_(options) {}

    std::string take() override;

  private:
    bool is_hidden(HtmlAttributes attributes) const override;
    bool is_quote(HtmlAttributes) const override { return true; }
    void link_opened(HtmlAttributes attributes) override;
    void link_closed() override;
    void span_opened(HtmlAttributes attributes) override;
    void span_closed() override;
    bool is_known_mention(const std::string& target) const;
    void show_address(const std::string& target, std::size_t begin);

    const HtmlPostOptions& options_;  // of the caller
    std::string target_;
    bool is_tag_ = false;  // the link is a mention or a hashtag by its class
    std::size_t link_text_ = 0;
    std::vector<bool> cut_;  // of the open spans: "…" belongs behind it
};

}  // namespace waypost
