// SPDX-License-Identifier: Apache-2.0
// How the texts of one link are packed: by the models that both boxes have, each the same one, as
// their hellos say; else without any. One thread.
#pragma once

#include <memory>
#include <string>

#include "bridges/post/short_form.h"
#include "radio/trunk/pack/packer.h"

namespace waypost::trunk {

class Texts {
  public:
    explicit Texts(std::vector<std::unique_ptr<pack::Model>> models) : packer_(std::move(models)) {}

    // For the hello: which models are here (2 bytes), and of each 4 bytes of its fingerprint.
    std::string facts() const;
    // Those of the other box. Rubbish: it has none.
    void other_has(std::string_view facts);
    int shared() const;  // models

    post::Pack pack();
    post::Unpack unpack();

  private:
    pack::Packer packer_;
    pack::ModelSet shared_ = 0;
};

}  // namespace waypost::trunk
