// Interprets the instructions of frame descriptions (DWARF 5, section 6.4.2, and the GNU and AArch64 additions).

#include <stddef.h>

#include "cfi_reader.h"
#include "cfi_row.h"

enum {
    // The upper two bits say the instruction, the lower six are its operand.
    advance_loc = 0x40,
    offset = 0x80,
    restore = 0xc0,
    primary_mask = 0xc0,
    operand_mask = 0x3f,
    // The upper two bits are 0.
    nop = 0x00,
    set_loc = 0x01,
    advance_loc1 = 0x02,
    advance_loc2 = 0x03,
    advance_loc4 = 0x04,
    offset_extended = 0x05,
    restore_extended = 0x06,
    undefined = 0x07,
    same_value = 0x08,
    register_ = 0x09,
    remember_state = 0x0a,
    restore_state = 0x0b,
    def_cfa = 0x0c,
    def_cfa_register = 0x0d,
    def_cfa_offset = 0x0e,
    def_cfa_expression = 0x0f,
    expression = 0x10,
    offset_extended_sf = 0x11,
    def_cfa_sf = 0x12,
    def_cfa_offset_sf = 0x13,
    val_offset = 0x14,
    val_offset_sf = 0x15,
    val_expression = 0x16,
    mips_advance_loc8 = 0x1d,
    aarch64_negate_ra_state_with_pc = 0x2c,
    aarch64_negate_ra_state = 0x2d,
    gnu_args_size = 0x2e,
    gnu_negative_offset_extended = 0x2f,
};

enum {
    /// Rows that remember_state may stack up. Compilers nest them once or twice.
    row_depth = 6,
};

/// A program while it runs.
struct machine {
    struct memscope_reader reader;
    const struct memscope_cfi_frame *_Nonnull frame;
    struct memscope_cfi_row *_Nonnull row;
    /// What the common part left, for restore; NULL while the common part runs.
    const struct memscope_cfi_row *_Nullable initial;
    /// The address at which the row begins to hold.
    uintptr_t location;
    unsigned depth;
    struct memscope_cfi_row remembered[row_depth];
};

/// Says where a register is. Registers that are not tracked (vectors, flags) are passed over: nothing is found by them.
static void place(
    struct machine *_Nonnull machine, uint64_t number, enum memscope_register_place where, uint64_t value) {
    if (number >= MEMSCOPE_DWARF_REGISTERS) return;
    machine->row->place[number] = (uint8_t)where;
    machine->row->value[number] = (int64_t)value;
}

/// Puts a register back to what the common part says.
static void restore_register(struct machine *_Nonnull machine, uint64_t number) {
    if (!machine->initial) {
        machine->reader.failed = true;
        return;
    }
    if (number >= MEMSCOPE_DWARF_REGISTERS) return;
    place(machine, number, machine->initial->place[number], (uint64_t)machine->initial->value[number]);
}

/// Reads an operand that counts in units of the data factor. Arithmetic is modulo 2^64: operands may be garbage.
static uint64_t factored(struct machine *_Nonnull machine, bool is_signed) {
    uint64_t operand = is_signed ? (uint64_t)memscope_reader_sleb128(&machine->reader)
                                 : memscope_reader_uleb128(&machine->reader);
    return operand * (uint64_t)machine->frame->data_factor;
}

/// Passes over an expression and gives its position.
static const uint8_t *_Nonnull take_expression(struct machine *_Nonnull machine) {
    const uint8_t *position = machine->reader.at;
    memscope_reader_skip(&machine->reader, memscope_reader_uleb128(&machine->reader));
    return position;
}

/// Moves the location forward by `units` of the code factor.
static void advance(struct machine *_Nonnull machine, uint64_t units) {
    machine->location += units * machine->frame->code_factor;
}

/// Sets a CFA of register plus offset.
static void define_cfa(struct machine *_Nonnull machine, uint64_t number, uint64_t distance) {
    machine->row->cfa_expression = NULL;
    machine->row->cfa_register = number;
    machine->row->cfa_offset = (int64_t)distance;
}

/// Runs an instruction that stacks or unstacks a row.
static void run_row_instruction(struct machine *_Nonnull machine, uint8_t instruction) {
    if (instruction == remember_state ? machine->depth == row_depth : machine->depth == 0) {
        machine->reader.failed = true;
    } else if (instruction == remember_state) {
        machine->remembered[machine->depth++] = *machine->row;
    } else {
        *machine->row = machine->remembered[--machine->depth];
    }
}

/// Runs an instruction about the CFA.
static void run_cfa_instruction(struct machine *_Nonnull machine, uint8_t instruction) {
    struct memscope_reader *reader = &machine->reader;
    struct memscope_cfi_row *row = machine->row;
    uint64_t number;
    switch (instruction) {
        case def_cfa:
            number = memscope_reader_uleb128(reader);
            define_cfa(machine, number, memscope_reader_uleb128(reader));
            break;
        case def_cfa_sf:
            number = memscope_reader_uleb128(reader);
            define_cfa(machine, number, factored(machine, true));
            break;
        // After an expression the register or the offset alone says nothing; then keep what is there, as unwinders do.
        case def_cfa_register: define_cfa(machine, memscope_reader_uleb128(reader), (uint64_t)row->cfa_offset); break;
        case def_cfa_offset: define_cfa(machine, row->cfa_register, memscope_reader_uleb128(reader)); break;
        case def_cfa_offset_sf: define_cfa(machine, row->cfa_register, factored(machine, true)); break;
        default: row->cfa_expression = take_expression(machine); break;
    }
}

/// Runs an instruction about a register other than those with the operand in the opcode.
/// @return False if there is no such instruction.
static bool run_register_instruction(struct machine *_Nonnull machine, uint8_t instruction) {
    struct memscope_reader *reader = &machine->reader;
    uint64_t number = memscope_reader_uleb128(reader);
    switch (instruction) {
        case offset_extended: place(machine, number, memscope_place_offset, factored(machine, false)); break;
        case offset_extended_sf: place(machine, number, memscope_place_offset, factored(machine, true)); break;
        case gnu_negative_offset_extended:
            place(machine, number, memscope_place_offset, -factored(machine, false));
            break;
        case restore_extended: restore_register(machine, number); break;
        case undefined: place(machine, number, memscope_place_undefined, 0); break;
        case same_value: place(machine, number, memscope_place_same, 0); break;
        case register_: place(machine, number, memscope_place_register, memscope_reader_uleb128(reader)); break;
        case expression:
            place(machine, number, memscope_place_expression, (uint64_t)(uintptr_t)take_expression(machine));
            break;
        case val_offset: place(machine, number, memscope_place_value_offset, factored(machine, false)); break;
        case val_offset_sf: place(machine, number, memscope_place_value_offset, factored(machine, true)); break;
        case val_expression:
            place(machine, number, memscope_place_value_expression, (uint64_t)(uintptr_t)take_expression(machine));
            break;
        default: return false;
    }
    return true;
}

/// Runs one instruction.
static void run_instruction(struct machine *_Nonnull machine, uint8_t instruction) {
    struct memscope_reader *reader = &machine->reader;
    uint8_t operand = instruction & operand_mask;
    switch (instruction & primary_mask) {
        case advance_loc: advance(machine, operand); return;
        case offset: place(machine, operand, memscope_place_offset, factored(machine, false)); return;
        case restore: restore_register(machine, operand); return;
        default: break;
    }
    switch (instruction) {
        case nop:
        // The sign state says which return addresses are signed; authentication bits are removed from all.
        case aarch64_negate_ra_state:
        case aarch64_negate_ra_state_with_pc: break;
        case set_loc:
            machine->location = memscope_reader_pointer(reader, machine->frame->pointer_encoding, 0);
            break;
        case advance_loc1: advance(machine, memscope_reader_unsigned(reader, 1)); break;
        case advance_loc2: advance(machine, memscope_reader_unsigned(reader, 2)); break;
        case advance_loc4: advance(machine, memscope_reader_unsigned(reader, 4)); break;
        case mips_advance_loc8: advance(machine, memscope_reader_unsigned(reader, 8)); break;
        case remember_state:
        case restore_state: run_row_instruction(machine, instruction); break;
        case def_cfa:
        case def_cfa_sf:
        case def_cfa_register:
        case def_cfa_offset:
        case def_cfa_offset_sf:
        case def_cfa_expression: run_cfa_instruction(machine, instruction); break;
        // Counts for landing pads only.
        case gnu_args_size: (void)memscope_reader_uleb128(reader); break;
        default:
            if (!run_register_instruction(machine, instruction)) reader->failed = true;
            break;
    }
}

/// Runs instructions until they describe code behind `pc`.
/// @return False if they are malformed.
static bool run(
    struct machine *_Nonnull machine, const uint8_t *_Nonnull at, const uint8_t *_Nonnull end, uintptr_t pc) {
    machine->reader = (struct memscope_reader){at, end, false};
    while (!machine->reader.failed && machine->reader.at < end && machine->location <= pc) {
        run_instruction(machine, (uint8_t)memscope_reader_unsigned(&machine->reader, 1));
    }
    return !machine->reader.failed;
}

bool memscope_cfi_run(
    const struct memscope_cfi_frame *_Nonnull frame, uintptr_t pc, struct memscope_cfi_row *_Nonnull row) {
    // Not initialised as a whole: the remembered rows are large and seldom used.
    struct machine machine;
    machine.frame = frame;
    machine.row = row;
    machine.initial = NULL;
    machine.location = frame->start;
    machine.depth = 0;
    *row = (struct memscope_cfi_row){.cfa_register = UINT64_MAX};
    if (!run(&machine, frame->initial, frame->initial_end, UINTPTR_MAX)) return false;

    struct memscope_cfi_row initial = *row;
    machine.initial = &initial;
    machine.location = frame->start;
    return run(&machine, frame->instructions, frame->instructions_end, pc);
}
