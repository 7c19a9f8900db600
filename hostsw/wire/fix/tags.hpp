#pragma once
// Field numbers and message types that sessions use (FIX 4.4 volume 2, FIXT 1.1).
#include <string_view>
#include <tradsys/fix_dictionaries.hpp>

namespace tradsys::fix::type {

inline constexpr std::string_view kHeartbeat = "0";
inline constexpr std::string_view kTestRequest = "1";
inline constexpr std::string_view kResendRequest = "2";
inline constexpr std::string_view kReject = "3";
inline constexpr std::string_view kSequenceReset = "4";
inline constexpr std::string_view kLogout = "5";
inline constexpr std::string_view kLogon = "A";
inline constexpr std::string_view kBusinessReject = "j";

/// Session messages are not sent again: a gap fill stands for them.
[[nodiscard]] constexpr bool is_session(std::string_view type) noexcept {
  return type.size() == 1 && std::string_view("012345A").find(type[0]) != std::string_view::npos;
}

}  // namespace tradsys::fix::type
