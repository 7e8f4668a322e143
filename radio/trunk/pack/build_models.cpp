// SPDX-License-Identifier: Apache-2.0
// waypost-trunk-models STATE TRAINING...: makes sure that the models of all training texts are in
// the folder STATE. Quick where they are.
#include <cstdio>

#include "radio/trunk/pack/model_folder.h"

int main(int argc, char** argv) {
    if (argc < 3) {
        std::fputs("waypost-trunk-models STATE TRAINING...\n", stderr);
        return 2;
    }
    std::filesystem::create_directories(argv[1]);
    const auto opened = waypost::pack::open_models(argv[1], {argv + 2, argv + argc});
    for (const auto& name : opened.built) std::printf("built %s\n", name.c_str());
    for (const auto& error : opened.missing) std::fprintf(stderr, "%s\n", error.text.c_str());
    return opened.models.empty() ? 1 : 0;
}
