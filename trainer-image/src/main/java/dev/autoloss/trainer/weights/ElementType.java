package dev.autoloss.trainer.weights;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.stream.Stream;

/** The types of numbers that files of weights are read in; all become single precision. */
enum ElementType {
  F32("F32", "FloatStorage", 4) {
    @Override
    float at(ByteBuffer bytes, int offset) {
      return bytes.getFloat(offset);
    }
  },
  F64("F64", "DoubleStorage", 8) {
    @Override
    float at(ByteBuffer bytes, int offset) {
      return (float) bytes.getDouble(offset);
    }
  },
  F16("F16", "HalfStorage", 2) {
    @Override
    float at(ByteBuffer bytes, int offset) {
      return Float.float16ToFloat(bytes.getShort(offset));
    }
  },
  BF16("BF16", "BFloat16Storage", 2) {
    @Override
    float at(ByteBuffer bytes, int offset) {
      return Float.intBitsToFloat(bytes.getShort(offset) << 16);
    }
  },
  I64("I64", "LongStorage", 8) {
    @Override
    float at(ByteBuffer bytes, int offset) {
      return bytes.getLong(offset);
    }
  };

  private final String safetensors;
  private final String storage;
  private final int bytes;

  ElementType(String safetensors, String storage, int bytes) {
    this.safetensors = safetensors;
    this.storage = storage;
    this.bytes = bytes;
  }

  /** Bytes of a number. */
  int bytes() {
    return bytes;
  }

  /** One number of little-endian bytes. */
  abstract float at(ByteBuffer bytes, int offset);

  static Optional<ElementType> ofSafetensors(String name) {
    return Stream.of(values()).filter(type -> type.safetensors.equals(name)).findFirst();
  }

  static Optional<ElementType> ofStorage(String name) {
    return Stream.of(values()).filter(type -> type.storage.equals(name)).findFirst();
  }
}
