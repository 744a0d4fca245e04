#include "base/result.hpp"

#include <stdexcept>

namespace cds::base {

void throw_error(Error const& error) {
    throw std::logic_error{"the value of a failed result was used: " + error.what +
                           (error.where.empty() ? "" : " at " + error.where)};
}

}  // namespace cds::base
