// The prior of true labels and the noise matrices.
#include "labelsieve/latent.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>

#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings.h"
#include "labelsieve/names.h"
#include "options.h"
#include "results.h"
#include "views.h"

namespace labelsieve::python {
namespace {

PriorMethod prior_method(std::string_view name) {
  return named(prior_method_from, name, "prior method");
}

/// (prior, noise matrix, inverse noise matrix).
std::tuple<Array<double>, Array<double>, Array<double>> latent(nb::handle joint,
                                                               nb::handle label_counts,
                                                               std::string_view method,
                                                               bool converge) {
  LatentEstimates found = estimate_latent(square_matrix(joint), integers(label_counts),
                                          {prior_method(method), converge});
  return {to_array(std::move(found.prior)), to_array(found.noise_matrix),
          to_array(found.inverse_noise_matrix)};
}

Array<double> prior(nb::handle given_prior, nb::handle noise_matrix,
                    nb::handle inverse_noise_matrix, std::string_view method,
                    nb::handle true_counts) {
  std::vector<double> counts;
  if (!true_counts.is_none()) counts = doubles(true_counts);
  return to_array(compute_prior(doubles(given_prior), square_matrix(noise_matrix),
                                square_matrix(inverse_noise_matrix), prior_method(method), counts));
}

Array<double> inverse_noise(nb::handle noise_matrix, nb::handle prior_of_true,
                            nb::handle given_prior) {
  return to_array(compute_inverse_noise_matrix(square_matrix(noise_matrix), doubles(prior_of_true),
                                               doubles(given_prior)));
}

Array<double> noise(nb::handle inverse_noise_matrix, nb::handle prior_of_true,
                    nb::handle given_prior) {
  return to_array(compute_noise_matrix(square_matrix(inverse_noise_matrix), doubles(prior_of_true),
                                       doubles(given_prior)));
}

}  // namespace

void bind_latent(nb::module_& m) {
  m.def("estimate_latent", &latent, nb::arg("joint"), nb::arg("label_counts"),
        nb::arg("prior_method"), nb::arg("converge"));
  m.def("compute_prior", &prior, nb::arg("given_prior"), nb::arg("noise_matrix"),
        nb::arg("inverse_noise_matrix"), nb::arg("prior_method"), nb::arg("true_counts").none());
  m.def("compute_inverse_noise_matrix", &inverse_noise, nb::arg("noise_matrix"), nb::arg("prior"),
        nb::arg("given_prior"));
  m.def("compute_noise_matrix", &noise, nb::arg("inverse_noise_matrix"), nb::arg("prior"),
        nb::arg("given_prior"));
}

}  // namespace labelsieve::python
