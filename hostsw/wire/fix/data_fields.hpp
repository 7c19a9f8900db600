#pragma once
// Which length field stands before which data field (FIX 4.2 to 5.0 SP2).
#include "hostsw/core/types.hpp"

namespace tradsys::fix {

struct DataField {
  u16 length_tag;
  u16 data_tag;
};
inline constexpr DataField kDataFields[]{
    {90, 91},   {93, 89},   {95, 96},     {212, 213},   {348, 349},   {350, 351},  {352, 353},
    {354, 355}, {356, 357}, {358, 359},   {360, 361},   {362, 363},   {364, 365},  {445, 446},
    {618, 619}, {621, 622}, {1277, 1278}, {1280, 1281}, {1401, 1402}, {1403, 1404}};

/// The data field whose length a length field gives; 0 for none.
constexpr i32 data_after(i32 length_tag) noexcept {
  for (const DataField& field : kDataFields)
    if (field.length_tag == length_tag) return field.data_tag;
  return 0;
}
/// The length field of a data field; 0 for none.
constexpr i32 length_before(i32 data_tag) noexcept {
  for (const DataField& field : kDataFields)
    if (field.data_tag == data_tag) return field.length_tag;
  return 0;
}

}  // namespace tradsys::fix
