// Every option has a name, and the name leads back to it.
#include "labelsieve/names.h"

#include <gtest/gtest.h>

namespace {

using namespace labelsieve;

TEST(Names, LeadBack) {
  for (const std::string_view name :
       {"prune_by_noise_rate", "prune_by_class", "both", "confident_learning",
        "predicted_neq_given", "low_normalized_margin", "low_self_confidence", "auto"}) {
    ASSERT_TRUE(filter_by_from(name)) << name;
    EXPECT_EQ(name, to_string(*filter_by_from(name)));
  }
  for (const std::string_view name :
       {"self_confidence", "normalized_margin", "confidence_weighted_entropy", "auto"}) {
    ASSERT_TRUE(method_from(name)) << name;
    EXPECT_EQ(name, to_string(*method_from(name)));
  }
  for (const std::string_view name : {"row_argmax", "confident_argmax"}) {
    ASSERT_TRUE(collision_from(name)) << name;
    EXPECT_EQ(name, to_string(*collision_from(name)));
  }
  for (const std::string_view name : {"uniform", "accuracy", "log_loss_search", "custom"}) {
    ASSERT_TRUE(ensemble_weights_from(name)) << name;
    EXPECT_EQ(name, to_string(*ensemble_weights_from(name)));
  }
  for (const std::string_view name : {"cnt", "eqn", "marginal", "marginal_ps"}) {
    ASSERT_TRUE(prior_method_from(name)) << name;
    EXPECT_EQ(name, to_string(*prior_method_from(name)));
  }
  for (const std::string_view name :
       {"min", "softmin", "mean", "bad_token_fraction", "expected_errors"}) {
    ASSERT_TRUE(sentence_method_from(name)) << name;
    EXPECT_EQ(name, to_string(*sentence_method_from(name)));
  }
  for (const std::string_view name : {"first", "mean", "max"}) {
    ASSERT_TRUE(subword_pooling_from(name)) << name;
    EXPECT_EQ(name, to_string(*subword_pooling_from(name)));
  }
  for (const std::string_view name : {"plain", "iob1", "iob2", "iobes", "bilou"}) {
    ASSERT_TRUE(tag_scheme_from(name)) << name;
    EXPECT_EQ(name, to_string(*tag_scheme_from(name)));
  }
  for (const std::string_view name :
       {"exponential_moving_average", "softmin", "min", "mean", "custom"}) {
    ASSERT_TRUE(pooling_from(name)) << name;
    EXPECT_EQ(name, to_string(*pooling_from(name)));
  }
}

TEST(Names, UnknownOnesLeadNowhere) {
  EXPECT_FALSE(filter_by_from("prune"));
  EXPECT_FALSE(method_from(""));
  EXPECT_FALSE(collision_from("Row_Argmax"));
}

TEST(Names, DefaultsAreTheDocumentedOnes) {
  EXPECT_EQ("prune_by_noise_rate", to_string(FilterOptions{}.filter_by));
  EXPECT_EQ("self_confidence", to_string(ScoreOptions{}.method));
  EXPECT_EQ("row_argmax", to_string(FilterOptions{}.collision));
  EXPECT_EQ("accuracy", to_string(EnsembleOptions{}.weights));
  EXPECT_EQ("cnt", to_string(LatentOptions{}.prior_method));
  EXPECT_EQ("min", to_string(SentenceScoreOptions{}.method));
  EXPECT_EQ("first", to_string(PoolOptions{}.pooling));
}

}  // namespace
