#pragma once
#include <boost/system/result.hpp>
#include <string>
#include <string_view>

namespace cds::base {

/// What kind of failure a call met. Each maps to exactly one HTTP status at the edge
/// (server/problem.cpp): a new code without a status does not compile.
enum class ErrorCode {
    malformed,        ///< the bytes are not what the format demands
    invalid,          ///< well-formed, but a value is not acceptable
    unknown_service,  ///< no such service id
    wrong_patient,    ///< data of another patient where the patient's own is required
    too_large,        ///< a limit on size or count was passed
    not_found,        ///< a file or key that must exist does not
    unavailable,      ///< needed data could not be obtained and nothing could be evaluated
    store_unavailable,  ///< the store cannot take or give it now, and kept nothing of it
    internal,           ///< our own fault
};

/// A failed call. `where` is a JSON pointer or FHIR path, `what` says what is wrong and how to mend
/// it. Neither ever carries patient data or an echo of the input.
struct Error {
    ErrorCode code = ErrorCode::internal;
    std::string where;
    std::string what;
};

/// Value or `Error`. `boost::system::result` needs a way to throw when misused: that is our own
/// bug.
template <class T>
using Result = boost::system::result<T, Error>;

[[noreturn]] void throw_error(Error const& error);

/// Found by argument-dependent lookup when `.value()` is called on a failed result.
[[noreturn]] inline void throw_exception_from_error(Error const& error,
                                                    boost::source_location const&) {
    throw_error(error);
}

}  // namespace cds::base
