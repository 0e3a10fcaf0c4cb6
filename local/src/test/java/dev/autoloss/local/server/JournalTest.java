package dev.autoloss.local.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is left of a store after its process has died, at any byte. */
final class JournalTest {
  private static final long NEVER = Long.MAX_VALUE / 4;

  @TempDir Path directory;

  private ObjectStore open() throws IOException {
    return open(AppendFile::open, NEVER);
  }

  private ObjectStore open(AppendFile.Opener opener, long compactAt) throws IOException {
    return new ObjectStore(directory, opener, compactAt, 64);
  }

  private Path file() {
    return directory.resolve("journal.jsonl");
  }

  private static ObjectKey key(int i) {
    return new ObjectKey("", "configmaps", "default", "m" + i);
  }

  private static ObjectNode object(String text) {
    ObjectNode object = Json.object();
    object.putObject("data").put("text", text);
    return object;
  }

  /**
   * Writes and removes at random; returns what should be there, object by object, with its
   * revision.
   */
  private static void work(ObjectStore store, RandomGenerator random, int writes) {
    for (int i = 0; i < writes; i++) {
      ObjectKey key = key(random.nextInt(8));
      if (store.get(key).isPresent() && random.nextInt(3) == 0) {
        store.remove(key, store.get(key).get().deepCopy());
      } else {
        store.put(key, object("zeile\nmit \u00e4 \ud83d\ude00 " + random.nextLong()));
      }
    }
  }

  private static Map<ObjectKey, String> contents(ObjectStore store) {
    Map<ObjectKey, String> contents = new TreeMap<>();
    store.all().forEach((key, object) -> contents.put(key, object.toString()));
    return contents;
  }

  @Test
  void whatWasWrittenIsThereAgain() throws IOException {
    for (long seed = 0; seed < 20; seed++) {
      RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
      Map<ObjectKey, String> before;
      long revision;
      try (ObjectStore store = open()) {
        work(store, random, 50);
        before = contents(store);
        revision = store.revision();
      }
      try (ObjectStore store = open()) {
        assertEquals(before, contents(store), "seed " + seed);
        assertEquals(revision, store.revision(), "seed " + seed);
      }
    }
  }

  @Test
  void aJournalCutAtAnyByteOfItsLastRecordLacksThatRecordAlone() throws IOException {
    Map<ObjectKey, String> before;
    long sound;
    try (ObjectStore store = open()) {
      work(store, RandomGeneratorFactory.of("L64X128MixRandom").create(1), 20);
      before = contents(store);
      sound = Files.size(file());
      store.put(key(99), object("the last"));
    }
    byte[] all = Files.readAllBytes(file());
    for (int length = (int) sound; length < all.length; length++) {
      Files.write(file(), Arrays.copyOf(all, length));
      try (ObjectStore store = open()) {
        assertEquals(before, contents(store), "cut at " + length);
        assertEquals(20, store.revision());
        assertEquals(sound, Files.size(file()), "the rest is cut off");
        store.put(key(99), object("again"));
      }
      try (ObjectStore store = open()) {
        assertEquals(21, store.revision(), "and writing goes on after cut at " + length);
        assertTrue(store.get(key(99)).orElseThrow().toString().contains("again"));
      }
    }
  }

  @Test
  void aJournalCutInItsFirstLineIsNew() throws IOException {
    open().close();
    byte[] header = Files.readAllBytes(file());
    for (int length = 0; length < header.length; length++) {
      Files.write(file(), Arrays.copyOf(header, length));
      try (ObjectStore store = open()) {
        assertEquals(0, store.revision());
      }
      assertEquals(header.length, Files.size(file()));
    }
  }

  @Test
  void aFlippedBitBeforeTheLastRecordStopsWithOneLine() throws IOException {
    try (ObjectStore store = open()) {
      work(store, RandomGeneratorFactory.of("L64X128MixRandom").create(2), 5);
    }
    byte[] all = Files.readAllBytes(file());
    int last = new String(all, 0, all.length - 1, StandardCharsets.ISO_8859_1).lastIndexOf('\n');
    for (int at = 0; at <= last; at++) {
      byte[] damaged = all.clone();
      damaged[at] ^= 1;
      Files.write(file(), damaged);
      int position = at;
      IOException e = assertThrows(IOException.class, this::open, () -> "byte " + position);
      assertTrue(e.getMessage().contains("damaged at line"), e.getMessage());
      assertFalse(e.getMessage().contains("\n"));
    }
    Files.write(file(), all);
    open().close();
  }

  @Test
  void aMissingLineIsDamage() throws IOException {
    try (ObjectStore store = open()) {
      work(store, RandomGeneratorFactory.of("L64X128MixRandom").create(3), 5);
    }
    List<String> lines = Files.readAllLines(file());
    lines.remove(2);
    Files.writeString(file(), String.join("\n", lines) + "\n");
    IOException e = assertThrows(IOException.class, this::open);
    assertTrue(
        e.getMessage()
            .endsWith(
                "damaged at line 3 (byte " + bytes(lines, 2) + "): expected revision 2, found 3"),
        e.getMessage());
  }

  private static int bytes(List<String> lines, int count) {
    return lines.subList(0, count).stream()
        .mapToInt(l -> l.getBytes(StandardCharsets.UTF_8).length + 1)
        .sum();
  }

  @Test
  void anotherFormatIsRefused() throws IOException {
    Files.write(file(), JournalRecord.line(Json.object().put("format", 2).put("revision", 0)));
    IOException e = assertThrows(IOException.class, this::open);
    assertTrue(e.getMessage().contains("expected format 1, found 2"), e.getMessage());
  }

  @Test
  void twoCannotUseOneDirectory() throws IOException {
    try (ObjectStore store = open()) {
      IOException e = assertThrows(IOException.class, this::open);
      assertTrue(e.getMessage().contains("in use by another process"), e.getMessage());
      store.put(key(1), object("still works"));
    }
    open().close();
  }

  @Test
  void compactionKeepsEverything() throws IOException {
    Map<ObjectKey, String> before;
    try (ObjectStore store = open(AppendFile::open, 2000)) {
      work(store, RandomGeneratorFactory.of("L64X128MixRandom").create(4), 500);
      before = contents(store);
      assertTrue(Files.size(file()) < 10_000, "rewritten: " + Files.size(file()));
    }
    try (ObjectStore store = open(AppendFile::open, 2000)) {
      assertEquals(before, contents(store));
      assertEquals(500, store.revision());
      work(store, RandomGeneratorFactory.of("L64X128MixRandom").create(5), 10);
      before = contents(store);
    }
    try (ObjectStore store = open()) {
      assertEquals(before, contents(store));
      assertEquals(510, store.revision());
    }
  }

  @Test
  void aRestOfACompactionThatDiedIsForgotten() throws IOException {
    try (ObjectStore store = open()) {
      store.put(key(1), object("a"));
    }
    Files.writeString(directory.resolve("journal.new"), "half a snapshot");
    try (ObjectStore store = open()) {
      assertEquals(1, store.revision());
      assertFalse(Files.exists(directory.resolve("journal.new")));
    }
  }

  @Test
  void aWriteThatTheDiskDoesNotTakeHasNotHappened() throws IOException {
    FailingFile.Switch disk = new FailingFile.Switch();
    Map<ObjectKey, String> before;
    try (ObjectStore store = open(path -> new FailingFile(path, disk), NEVER)) {
      store.put(key(1), object("a"));
      before = contents(store);
      for (FailingFile.Fault fault :
          List.of(FailingFile.Fault.WRITE, FailingFile.Fault.HALF, FailingFile.Fault.FORCE)) {
        disk.fault = fault;
        StatusError put = assertThrows(StatusError.class, () -> store.put(key(2), object("b")));
        assertEquals(500, put.code());
        assertTrue(put.getMessage().contains("No space left on device"), put.getMessage());
        assertThrows(StatusError.class, () -> store.remove(key(1), object("a")));
        assertEquals(before, contents(store), fault.toString());
        assertEquals(1, store.revision());
        disk.fault = FailingFile.Fault.NONE;
      }
      store.put(key(3), object("after"));
      before = contents(store);
    }
    try (ObjectStore store = open()) {
      assertEquals(before, contents(store));
      assertEquals(2, store.revision());
    }
  }

  @Test
  void afterALineThatCouldNotBeCutOffNothingMoreIsWritten() throws IOException {
    FailingFile.Switch disk = new FailingFile.Switch();
    try (ObjectStore store = open(path -> new FailingFile(path, disk), NEVER)) {
      store.put(key(1), object("a"));
      disk.fault = FailingFile.Fault.HALF_AND_NO_CUT;
      assertThrows(StatusError.class, () -> store.put(key(2), object("b")));
      disk.fault = FailingFile.Fault.NONE;
      StatusError later = assertThrows(StatusError.class, () -> store.put(key(3), object("c")));
      assertTrue(later.getMessage().contains("no longer writable"), later.getMessage());
    }
    try (ObjectStore store = open()) {
      assertEquals(1, store.revision());
      store.put(key(3), object("c"));
    }
  }

  @Test
  void aCompactionThatFailsLeavesTheOldJournal() throws IOException {
    FailingFile.Switch disk = new FailingFile.Switch();
    Map<ObjectKey, String> before;
    try (ObjectStore store = open(path -> new FailingFile(path, disk), 2000)) {
      disk.failNew = true;
      work(store, RandomGeneratorFactory.of("L64X128MixRandom").create(6), 200);
      before = contents(store);
      assertFalse(Files.exists(directory.resolve("journal.new")));
    }
    try (ObjectStore store = open()) {
      assertEquals(before, contents(store));
      assertEquals(200, store.revision());
    }
  }
}
