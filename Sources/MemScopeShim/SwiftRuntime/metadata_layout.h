#ifndef MEMSCOPE_METADATA_LAYOUT_H
#define MEMSCOPE_METADATA_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

// The parts of Swift's metadata and descriptors that MemScope reads, on 64-bit Linux (no Objective-C).
// All of it is stable in practice: compiled programs carry these records. Docs/swift-runtime.md says
// what each is for. Private to SwiftRuntime/.

/// The kind word that metadata starts with. Heap objects use the first six.
enum : uint64_t {
    SWIFT_METADATA_CLASS = 0,
    SWIFT_METADATA_HEAP_LOCAL = 0x400,
    SWIFT_METADATA_HEAP_GENERIC_LOCAL = 0x500,
    SWIFT_METADATA_ERROR_OBJECT = 0x501,
    SWIFT_METADATA_TASK = 0x502,
    SWIFT_METADATA_JOB = 0x503,
    SWIFT_METADATA_STRUCT = 0x200,
    SWIFT_METADATA_ENUM = 0x201,
    SWIFT_METADATA_OPTIONAL = 0x202,
    SWIFT_METADATA_FOREIGN_CLASS = 0x203,
    SWIFT_METADATA_FOREIGN_REFERENCE = 0x204,
    SWIFT_METADATA_OPAQUE = 0x300,
    SWIFT_METADATA_TUPLE = 0x301,
    SWIFT_METADATA_FUNCTION = 0x302,
    SWIFT_METADATA_EXISTENTIAL = 0x303,
    SWIFT_METADATA_METATYPE = 0x304,
    SWIFT_METADATA_EXISTENTIAL_METATYPE = 0x306,
    SWIFT_METADATA_EXTENDED_EXISTENTIAL = 0x307,
};

/// The reference counts word: bit 0 pure Swift deallocation, 1–31 unowned, 32 being destroyed, 33–62
/// strong minus one, 63 slow path (immortal, or a side table when bit 62 is set too).
#define SWIFT_COUNTS_FRESH 0x3ull
#define SWIFT_COUNTS_DEINITING 0x100000000ull
#define SWIFT_COUNTS_DESTROYED 0x100000003ull
#define SWIFT_COUNTS_DESTROYED_UNOWNED 0x100000001ull
#define SWIFT_COUNTS_IMMORTAL 0x80000000ffffffffull

/// The low five bits of a context descriptor's flags, and two more bits.
enum : uint32_t {
    SWIFT_CONTEXT_KIND_MASK = 0x1f,
    SWIFT_CONTEXT_MODULE = 0,
    SWIFT_CONTEXT_EXTENSION = 1,
    SWIFT_CONTEXT_ANONYMOUS = 2,
    SWIFT_CONTEXT_PROTOCOL = 3,
    SWIFT_CONTEXT_OPAQUE_TYPE = 4,
    SWIFT_CONTEXT_CLASS = 16,
    SWIFT_CONTEXT_STRUCT = 17,
    SWIFT_CONTEXT_ENUM = 18,
    SWIFT_CONTEXT_IS_GENERIC = 0x80,
    SWIFT_CLASS_IS_ACTOR = 1u << 23,
    SWIFT_CLASS_IMMEDIATE_MEMBERS_NEGATIVE = 1u << 28,
    SWIFT_CLASS_RESILIENT_SUPERCLASS = 1u << 29,
    SWIFT_CONTEXT_HAS_IMPORT_INFO = 1u << 18,
};

/// Flags of class metadata: without Objective-C this bit is always set.
#define SWIFT_CLASS_USES_SWIFT_REFCOUNTING 2u

/// What every context descriptor starts with. Offsets are relative to their own address; the low bit
/// of `parent` means that a pointer to the parent stands there.
struct swift_context_descriptor {
    uint32_t flags;
    int32_t parent;
    /// The name of modules, types and protocols; what is extended, mangled, for extensions.
    int32_t name;
};

/// A nominal type's descriptor as far as the three kinds agree, then the class's own part.
struct swift_type_descriptor {
    struct swift_context_descriptor context;
    int32_t accessor;
    int32_t fields;
    /// Class: the superclass's mangled name. Struct: the number of fields. Enum: the number of cases with a payload.
    union {
        int32_t superclass;
        uint32_t struct_field_count;
        uint32_t payload_cases;
    };
    /// Class: words before the address point, or, with a resilient superclass, offset of its bounds record.
    /// Struct: where its 32-bit field offsets stand in the metadata, in words. Enum: the number of cases without payload.
    union {
        uint32_t negative_words_or_bounds;
        uint32_t struct_field_offsets;
        uint32_t empty_cases;
    };
    uint32_t positive_words;
    uint32_t immediate_members;
    uint32_t field_count;
    uint32_t field_offset_vector;
};

/// The records of a type's stored properties or cases; a type's descriptor leads here by `fields`.
struct swift_field_descriptor {
    int32_t type;
    int32_t superclass;
    uint16_t kind;
    uint16_t record_size;
    uint32_t count;
};

/// One stored property or case. `type` leads to a mangled name, 0 for a case without payload.
struct swift_field_record {
    uint32_t flags;
    int32_t type;
    int32_t name;
};

/// A field record's flag: the case's payload lies in a box.
#define SWIFT_FIELD_INDIRECT 1u

/// What a closure's context or a box holds: `types` relative mangled names follow.
struct swift_capture_descriptor {
    uint32_t types;
    uint32_t sources;
    /// Words of type metadata and witness tables before the first capture.
    uint32_t bindings;
};

/// Metadata of a closure's context or of a box of a type known at compile time.
struct swift_heap_local_metadata {
    uint64_t kind;
    uint32_t first_capture;
    uint32_t reserved;
    const struct swift_capture_descriptor *_Nullable captures;
};

/// Metadata of a box made at run time.
struct swift_box_metadata {
    uint64_t kind;
    uint32_t value_offset;
    uint32_t reserved;
    const void *_Nullable type;
};

/// The part of a value witness table that tells a type's layout. Its address stands before the metadata.
struct swift_value_witnesses {
    const void *_Nullable functions[8];
    uint64_t size;
    uint64_t stride;
    uint32_t flags;
    uint32_t extra_inhabitants;
};

/// The low bits of a value witness table's flags: alignment minus one.
#define SWIFT_VALUE_ALIGNMENT_MASK 0xffu

/// A protocol descriptor's flags: not only for classes; it is `Error`.
#define SWIFT_PROTOCOL_FOR_ANY (1u << 16)
#define SWIFT_PROTOCOL_SPECIAL_MASK (0x3fu << 18)
#define SWIFT_PROTOCOL_IS_ERROR (1u << 18)

/// Where the immediate members of a class with a resilient superclass start. Filled at run time.
struct swift_class_bounds {
    int64_t immediate_members_offset;
    uint32_t negative_words;
    uint32_t positive_words;
};

/// The counts that head a generic context, followed by one byte for each parameter.
struct swift_generic_header {
    uint16_t parameters;
    uint16_t requirements;
    uint16_t key_arguments;
    uint16_t flags;
};

/// A generic parameter's byte: it has an argument in the metadata; its kind (0 a type).
#define SWIFT_PARAMETER_HAS_KEY_ARGUMENT 0x80
#define SWIFT_PARAMETER_KIND_MASK 0x3f
#define SWIFT_GENERIC_HAS_PACKS 1u

struct swift_class_metadata {
    uint64_t kind;
    const struct swift_class_metadata *_Nullable superclass;
    uint32_t flags;
    uint32_t instance_address_point;
    uint32_t instance_size;
    uint16_t alignment_mask;
    uint16_t reserved;
    uint32_t class_size;
    uint32_t address_point;
    const struct swift_context_descriptor *_Nullable descriptor;
};

/// The flags word of function metadata.
enum : uint64_t {
    SWIFT_FUNCTION_PARAMETERS = 0xffff,
    SWIFT_FUNCTION_CONVENTION_SHIFT = 16,
    SWIFT_FUNCTION_THROWS = 1u << 24,
    SWIFT_FUNCTION_GLOBAL_ACTOR = 1u << 28,
    SWIFT_FUNCTION_ASYNC = 1u << 29,
    SWIFT_FUNCTION_SENDABLE = 1u << 30,
};

/// The flags of existential metadata.
enum : uint32_t {
    SWIFT_EXISTENTIAL_HAS_SUPERCLASS = 1u << 30,
    SWIFT_EXISTENTIAL_ANY = 1u << 31,
};

_Static_assert(offsetof(struct swift_class_metadata, instance_size) == 0x18, "class metadata: instance size");
_Static_assert(offsetof(struct swift_class_metadata, descriptor) == 0x28, "class metadata: descriptor");
_Static_assert(offsetof(struct swift_type_descriptor, negative_words_or_bounds) == 0x18, "class descriptor: bounds");
_Static_assert(sizeof(struct swift_type_descriptor) == 0x2c, "class descriptor");
_Static_assert(offsetof(struct swift_value_witnesses, size) == 0x40, "value witness table");
_Static_assert(sizeof(struct swift_generic_header) == 8, "generic header");

#endif
