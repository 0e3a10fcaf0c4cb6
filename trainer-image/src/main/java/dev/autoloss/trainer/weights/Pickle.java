package dev.autoloss.trainer.weights;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the pickle of a PyTorch file without running anything of it: what a pickle would call is
 * looked at, and only tensors and dictionaries become something. All else stays opaque.
 *
 * @see <a href="https://github.com/python/cpython/blob/3.12/Lib/pickletools.py">the opcodes</a>
 */
final class Pickle {
  /** What a pickle may hold; unknown things are {@link Opaque}. */
  sealed interface Value {}

  /** Something that is not looked into. */
  record Opaque() implements Value {}

  /** A text. */
  record Text(String text) implements Value {}

  /** An integer. */
  record Whole(long number) implements Value {}

  /** A tuple or a list. */
  record Sequence(List<Value> items) implements Value {}

  /** A dictionary; keys that are no texts are left out. */
  record Dictionary(Map<String, Value> entries) implements Value {}

  /** A name of Python code, which is never run. */
  record Name(String name) implements Value {}

  /** Numbers in another part of the file. */
  record Storage(ElementType type, String key, long count) implements Value {}

  /** A view of a storage. */
  record Tensor(Storage storage, long offset, List<Long> shape, List<Long> strides)
      implements Value {}

  private static final Value OPAQUE = new Opaque();
  private static final int MARK = '(';

  private final String file;
  private final ByteBuffer bytes;
  private final Map<Long, Value> memo = new HashMap<>();
  private List<Value> stack = new ArrayList<>();
  private final Deque<List<Value>> marked = new ArrayDeque<>();

  private Pickle(String file, byte[] pickle) {
    this.file = file;
    this.bytes = ByteBuffer.wrap(pickle).order(ByteOrder.LITTLE_ENDIAN);
  }

  /**
   * Reads a pickle.
   *
   * @param file as messages name it
   * @param pickle its bytes
   * @throws WeightsException if it is none, or has an opcode that PyTorch does not write
   */
  static Value read(String file, byte[] pickle) {
    Pickle reader = new Pickle(file, pickle);
    try {
      while (true) {
        int code = reader.bytes.get() & 0xff;
        if (code == '.') {
          return reader.pop();
        }
        reader.run(code);
      }
    } catch (BufferUnderflowException _) {
      throw reader.wrong("it ends too early");
    }
  }

  private WeightsException wrong(String what) {
    return new WeightsException(
        "%s: data.pkl: offset %d: expected a pickle of tensors, but %s"
            .formatted(file, bytes.position(), what));
  }

  private void run(int code) {
    if (!constant(code) && !remember(code) && !collect(code)) {
      switch (code) {
        case 0x80 -> skip(1);
        case 0x95 -> skip(8);
        case '0' -> pop();
        case 'c' -> push(new Name(line() + "." + line()));
        case 0x93 -> {
          String name = text(pop());
          push(new Name(text(pop()) + "." + name));
        }
        case 'R', 0x81 -> {
          Value arguments = pop();
          push(call(pop(), arguments));
        }
        // The state of an object: of what is looked at here, none has any that counts.
        case 'b' -> pop();
        case 'Q' -> push(storage(pop()));
        default -> throw wrong("it has opcode " + code);
      }
    }
  }

  private boolean constant(int code) {
    switch (code) {
      case 'X' -> push(new Text(string(length(4))));
      case 0x8c -> push(new Text(string(length(1))));
      case 0x8d -> push(new Text(string(length(8))));
      case 'B' -> opaque(length(4));
      case 'C' -> opaque(length(1));
      case 'U' -> push(new Text(string(length(1))));
      case 'T' -> push(new Text(string(length(4))));
      case 'J' -> push(new Whole(bytes.getInt()));
      case 'K' -> push(new Whole(bytes.get() & 0xff));
      case 'M' -> push(new Whole(bytes.getShort() & 0xffff));
      case 0x8a -> push(whole(length(1)));
      case 'G' -> opaque(8);
      case 'N', 0x88, 0x89 -> push(OPAQUE);
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean remember(int code) {
    switch (code) {
      case 'q' -> memo.put(length(1), peek());
      case 'r' -> memo.put(length(4), peek());
      case 0x94 -> memo.put((long) memo.size(), peek());
      case 'h' -> push(remembered(length(1)));
      case 'j' -> push(remembered(length(4)));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean collect(int code) {
    switch (code) {
      case MARK -> {
        marked.push(stack);
        stack = new ArrayList<>();
      }
      case ')' -> push(new Sequence(List.of()));
      case ']' -> push(new Sequence(new ArrayList<>()));
      case '}' -> push(new Dictionary(new LinkedHashMap<>()));
      case 't' -> push(new Sequence(sinceMark()));
      case 0x85 -> push(new Sequence(last(1)));
      case 0x86 -> push(new Sequence(last(2)));
      case 0x87 -> push(new Sequence(last(3)));
      case 'a' -> append(last(1));
      case 'e' -> append(sinceMark());
      case 's' -> put(last(2));
      case 'u' -> put(sinceMark());
      default -> {
        return false;
      }
    }
    return true;
  }

  private void append(List<Value> items) {
    if (peek() instanceof Sequence(var list) && list instanceof ArrayList<Value>) {
      list.addAll(items);
    }
  }

  private void put(List<Value> pairs) {
    if (pairs.size() % 2 != 0) {
      throw wrong("a key has no value");
    }
    if (peek() instanceof Dictionary(var entries)) {
      for (int i = 0; i < pairs.size(); i += 2) {
        if (pairs.get(i) instanceof Text(String key)) {
          entries.put(key, pairs.get(i + 1));
        }
      }
    }
  }

  private Value call(Value what, Value arguments) {
    if (!(what instanceof Name(String name)) || !(arguments instanceof Sequence(var items))) {
      return OPAQUE;
    }
    return switch (name) {
      case "collections.OrderedDict" -> new Dictionary(new LinkedHashMap<>());
      case "torch._utils._rebuild_tensor_v2" -> tensor(items);
      case "torch._utils._rebuild_parameter" -> items.isEmpty() ? OPAQUE : items.getFirst();
      default -> OPAQUE;
    };
  }

  private Value tensor(List<Value> items) {
    if (items.size() >= 4
        && items.get(0) instanceof Storage storage
        && items.get(1) instanceof Whole(long offset)) {
      Optional<List<Long>> shape = wholes(items.get(2));
      Optional<List<Long>> strides = wholes(items.get(3));
      if (shape.isPresent() && strides.isPresent()) {
        return new Tensor(storage, offset, shape.get(), strides.get());
      }
    }
    return OPAQUE;
  }

  private static Optional<List<Long>> wholes(Value value) {
    List<Long> numbers = new ArrayList<>();
    if (value instanceof Sequence(var items)) {
      for (Value item : items) {
        if (!(item instanceof Whole(long number))) {
          return Optional.empty();
        }
        numbers.add(number);
      }
      return Optional.of(numbers);
    }
    return Optional.empty();
  }

  /** {@code ('storage', torch.FloatStorage, '0', 'cpu', 64)}. */
  private Value storage(Value identity) {
    if (identity instanceof Sequence(var items)
        && items.size() == 5
        && items.get(1) instanceof Name(String type)
        && items.get(2) instanceof Text(String key)
        && items.get(4) instanceof Whole(long count)) {
      return ElementType.ofStorage(type.substring(type.lastIndexOf('.') + 1))
          .<Value>map(element -> new Storage(element, key, count))
          .orElse(OPAQUE);
    }
    return OPAQUE;
  }

  private void push(Value value) {
    stack.add(value);
  }

  private Value pop() {
    if (stack.isEmpty()) {
      throw wrong("it takes what is not there");
    }
    return stack.removeLast();
  }

  private Value peek() {
    if (stack.isEmpty()) {
      throw wrong("it takes what is not there");
    }
    return stack.getLast();
  }

  private List<Value> last(int count) {
    List<Value> items = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      items.add(pop());
    }
    Collections.reverse(items);
    return items;
  }

  private List<Value> sinceMark() {
    if (marked.isEmpty()) {
      throw wrong("it takes what is not there");
    }
    List<Value> items = stack;
    stack = marked.pop();
    return items;
  }

  private Value remembered(long place) {
    Value value = memo.get(place);
    if (value == null) {
      throw wrong("it remembers nothing at " + place);
    }
    return value;
  }

  private String text(Value value) {
    if (value instanceof Text(String text)) {
      return text;
    }
    throw wrong("a name is no text");
  }

  private long length(int size) {
    long length =
        switch (size) {
          case 1 -> bytes.get() & 0xff;
          case 4 -> bytes.getInt() & 0xffffffffL;
          default -> bytes.getLong();
        };
    if (length < 0) {
      throw wrong("a length is below zero");
    }
    return length;
  }

  private void skip(long count) {
    if (count > bytes.remaining()) {
      throw wrong("it ends too early");
    }
    bytes.position(bytes.position() + (int) count);
  }

  private void opaque(long length) {
    skip(length);
    push(OPAQUE);
  }

  private String string(long length) {
    int start = bytes.position();
    skip(length);
    return new String(bytes.array(), start, (int) length, StandardCharsets.UTF_8);
  }

  private Value whole(long length) {
    if (length > Long.BYTES) {
      opaque(length);
      return pop();
    }
    long number = 0;
    for (int i = 0; i < length; i++) {
      long octet = bytes.get();
      // The last byte carries the sign.
      number |= (i == length - 1 ? octet : octet & 0xff) << (8 * i);
    }
    return new Whole(number);
  }

  private String line() {
    int start = bytes.position();
    while (bytes.get() != '\n') {
      // Counted below.
    }
    int length = bytes.position() - start - 1;
    return new String(bytes.array(), start, length, StandardCharsets.UTF_8);
  }
}
