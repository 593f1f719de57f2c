#include "io/temporary_paths.h"

#include <unistd.h>

#include <atomic>
#include <climits>
#include <cstring>

namespace labelsieve::io {

// A place in a list that only grows and is never freed, so that a signal handler can walk it at any
// moment.
struct TemporaryPath {
  std::atomic<bool> taken{false};
  std::atomic<bool> holds_path{false};
  char path[PATH_MAX] = {};
  TemporaryPath* next = nullptr;
};

namespace {

std::atomic<TemporaryPath*> first_place{nullptr};

}  // namespace

TemporaryPath* remember_path(const std::string& path) {
  if (path.size() >= PATH_MAX) return nullptr;
  TemporaryPath* place = first_place.load(std::memory_order_acquire);
  for (; place != nullptr; place = place->next) {
    bool free = false;
    if (place->taken.compare_exchange_strong(free, true)) break;
  }
  if (place == nullptr) {
    place = new TemporaryPath;
    place->taken.store(true);
    place->next = first_place.load(std::memory_order_relaxed);
    while (!first_place.compare_exchange_weak(place->next, place, std::memory_order_release)) {
    }
  }
  std::memcpy(place->path, path.c_str(), path.size() + 1);
  place->holds_path.store(true, std::memory_order_release);
  return place;
}

void forget_path(TemporaryPath* remembered) {
  if (remembered == nullptr) return;
  remembered->holds_path.store(false);
  remembered->taken.store(false, std::memory_order_release);
}

void remove_remembered_files() noexcept {
  for (TemporaryPath* place = first_place.load(std::memory_order_acquire); place != nullptr;
       place = place->next) {
    if (place->holds_path.load(std::memory_order_acquire)) ::unlink(place->path);
  }
}

}  // namespace labelsieve::io
