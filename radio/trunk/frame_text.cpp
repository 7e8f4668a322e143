// SPDX-License-Identifier: Apache-2.0
#include "radio/trunk/frame_text.h"

namespace waypost::trunk {

std::string type_name(const Frame& frame) {
    static constexpr const char* kTypes[] = {"single", "fragment", "bundle", "report",
                                             "hello",  "poll",     "hold"};
    if (frame.type != FrameType::Extension) return kTypes[static_cast<std::size_t>(frame.type)];
    if (frame.extension == ExtensionKind::Beacon) return "beacon";
    return frame.extension == ExtensionKind::Close ? "close" : "repair";
}

std::string frame_text(std::string_view packet) {
    const auto frame = parse_frame(packet);
    if (!frame.ok())
        return frame.error().code == Code::NotFound ? "an extension that is not known here"
                                                    : "no packet of the trunk";
    const std::string name = type_name(*frame);
    const bool bare = frame->type == FrameType::Poll || frame->type == FrameType::Hold;
    if (bare) return name;
    if (frame->type == FrameType::Hello) return name + " of link " + std::to_string(frame->link);
    const std::string number = name + ' ' + std::to_string(frame->number);
    const bool piece = frame->type == FrameType::Fragment || name == "repair";
    return piece ? number + '.' + std::to_string(frame->index) : number;
}

}  // namespace waypost::trunk
