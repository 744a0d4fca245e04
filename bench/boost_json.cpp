// Boost.JSON for the baseline, compiled here so that no Boost.JSON library has to be linked.
#define BOOST_JSON_STATIC_LINK 1
#include <boost/json/src.hpp>
