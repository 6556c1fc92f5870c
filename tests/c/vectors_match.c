#include "vectors_match.h"

#include <stdlib.h>
#include <string.h>

/* The one member of an object that has this name and no other; NULL otherwise. Borrowed. */
static json_t *only(json_t *value, const char *name) {
  return json_object_size(value) == 1 ? json_object_get(value, name) : NULL;
}

/* The value at a path such as `page.records.0.id`. Borrowed; NULL when there is none. */
static json_t *at_path(json_t *value, const char *path) {
  while (value) {
    size_t length = strcspn(path, ".");
    value = json_is_array(value) ? json_array_get(value, strtoul(path, NULL, 10)) : json_object_getn(value, path, length);
    if (!path[length]) return value;
    path += length + 1;
  }
  return NULL;
}

/* The texts of a list, one after the other. */
static json_t *joined(json_t *parts, json_t *saved) {
  json_t *text = json_string(""), *part;
  size_t at;
  json_array_foreach(parts, at, part) {
    json_t *piece = filled(part, saved);
    const char *bytes = json_string_value(piece);
    json_t *longer = bytes ? json_sprintf("%s%s", json_string_value(text), bytes) : NULL;
    json_decref(piece);
    json_decref(text);
    text = longer;
    if (!text) return NULL;
  }
  return text;
}

/* A text so many times over. */
static json_t *repeated(json_t *arguments) {
  const char *text = json_string_value(json_array_get(arguments, 0));
  long long times = json_integer_value(json_array_get(arguments, 1));
  if (!text || times < 0) return NULL;
  size_t length = strlen(text);
  char *all = malloc(length * (size_t)times + 1);
  if (!all) return NULL;
  for (long long i = 0; i < times; i++) memcpy(all + length * (size_t)i, text, length);
  json_t *value = json_stringn(all, length * (size_t)times);
  free(all);
  return value;
}

json_t *filled(json_t *value, json_t *saved) {
  json_t *form;
  if ((form = only(value, "$ref")) != NULL) return json_incref(at_path(saved, json_string_value(form)));
  if ((form = only(value, "$join")) != NULL) return joined(form, saved);
  if ((form = only(value, "$repeat")) != NULL) return repeated(form);
  if (json_is_object(value)) {
    json_t *copy = json_object(), *member;
    const char *name;
    json_object_foreach(value, name, member) {
      json_t *inner = filled(member, saved);
      if (!inner) {
        json_decref(copy);
        return NULL;
      }
      json_object_set_new(copy, name, inner);
    }
    return copy;
  }
  if (json_is_array(value)) {
    json_t *copy = json_array(), *item;
    size_t at;
    json_array_foreach(value, at, item) {
      json_t *inner = filled(item, saved);
      if (!inner) {
        json_decref(copy);
        return NULL;
      }
      json_array_append_new(copy, inner);
    }
    return copy;
  }
  return json_incref(value);
}

static bool is_of_type(json_t *value, const char *type) {
  return (strcmp(type, "string") == 0 && json_is_string(value)) ||
         (strcmp(type, "number") == 0 && json_is_number(value)) ||
         (strcmp(type, "boolean") == 0 && json_is_boolean(value)) ||
         (strcmp(type, "array") == 0 && json_is_array(value)) ||
         (strcmp(type, "object") == 0 && json_is_object(value));
}

/* How many items a list has, or code points a text; -1 for anything else. */
static long long length_of(json_t *value) {
  if (json_is_array(value)) return (long long)json_array_size(value);
  if (!json_is_string(value)) return -1;
  long long points = 0;
  for (size_t i = 0; i < json_string_length(value); i++) points += (json_string_value(value)[i] & 0xc0) != 0x80;
  return points;
}

bool matches(json_t *expected, json_t *got) {
  json_t *form;
  bool is_null = !got || json_is_null(got);
  if (only(expected, "$any")) return !is_null;
  if (only(expected, "$absent")) return is_null;
  if ((form = only(expected, "$type")) != NULL) return !is_null && is_of_type(got, json_string_value(form));
  if ((form = only(expected, "$length")) != NULL) return length_of(got) == json_integer_value(form);
  if ((form = only(expected, "$contains")) != NULL) {
    json_t *item;
    size_t at;
    json_array_foreach(got, at, item) {
      if (matches(form, item)) return true;
    }
    return false;
  }
  if (json_is_object(expected)) {
    const char *name;
    json_t *member;
    if (!json_is_object(got)) return false;
    json_object_foreach(expected, name, member) {
      if (!matches(member, json_object_get(got, name))) return false;
    }
    return true;
  }
  if (json_is_array(expected)) {
    json_t *item;
    size_t at;
    if (!json_is_array(got) || json_array_size(expected) != json_array_size(got)) return false;
    json_array_foreach(expected, at, item) {
      if (!matches(item, json_array_get(got, at))) return false;
    }
    return true;
  }
  if (json_is_null(expected)) return is_null;
  if (json_is_number(expected)) return json_is_number(got) && json_number_value(expected) == json_number_value(got);
  return !is_null && json_equal(expected, got);
}
