// The parts of Boost.JSON that its basic_parser needs (error category, power tables), compiled once
// here so that no Boost.JSON library has to be linked.
#define BOOST_JSON_STATIC_LINK 1
#include <boost/json/src.hpp>
