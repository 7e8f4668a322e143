// SPDX-License-Identifier: Apache-2.0
// Nothing: CMake asks for a source file beside a precompiled header.
