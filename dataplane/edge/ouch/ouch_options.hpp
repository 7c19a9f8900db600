#pragma once
// The options of an OUCH 5.0 appendage. None is passed on to the venue: a message is taken where
// all of its options say what holds without them, and refused as unsupported otherwise.
#include <tradsys/ouch50_spec.hpp>

namespace tradsys::dataplane {

/// Whether an order with this appendage is the same order as one without it. Not so where it cannot
/// be read, names an option twice, or one that this version does not know.
[[nodiscard]] bool changes_nothing(Bytes appendage) noexcept;

}  // namespace tradsys::dataplane
