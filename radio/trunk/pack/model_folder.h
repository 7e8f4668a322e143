// SPDX-License-Identifier: Apache-2.0
// The models of a box: NAME.model in a state folder, each built once from NAME.txt.zst. What is
// missing, damaged, or built from another text or by another program version is built anew.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "gateway/base/result.h"
#include "radio/trunk/pack/model.h"

namespace waypost::pack {

struct OpenedModels {
    std::vector<std::unique_ptr<Model>> models;  // in order of their ids
    std::vector<std::string> built;              // names of those that were not ready
    std::vector<Error> missing;  // kinds that cannot be had: both ends do without them
};

// `state` is a folder, made if need be; `training` are folders, looked through in their order.
// About a second for each model that must be built, a hundredth for one that is ready.
OpenedModels open_models(const std::filesystem::path& state,
                         const std::vector<std::filesystem::path>& training);

}  // namespace waypost::pack
