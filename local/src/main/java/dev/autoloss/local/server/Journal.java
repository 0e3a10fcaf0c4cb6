package dev.autoloss.local.server;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Iterator;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The write-ahead journal: every committed write is a line of {@code journal.jsonl}, on disk
 * (fsync) before the client gets its answer. A process that is killed loses nothing; nor does a
 * loss of power, as far as the disk keeps what it has confirmed. The fsync costs 0.5 to 2.5 ms a
 * write on a busy virtual disk, which a search does not feel.
 *
 * <p>The first line says the format and the revision of the snapshot that follows it: the objects
 * as they were when the journal was last rewritten, with revisions up to that one. After them each
 * line's revision is one more than the last. A last line without line feed or with a wrong checksum
 * was never confirmed and is dropped; the same anywhere else is damage, and the journal is not
 * opened.
 *
 * <p>Not safe for use by several threads; the store locks around it.
 */
final class Journal implements Closeable {
  static final long COMPACT_AT = 16L << 20;
  private static final int FORMAT = 1;

  private final Path file;
  private final Path directory;
  private final FileChannel lockChannel;
  private final AppendFile.Opener opener;
  private final long compactAt;
  private AppendFile out;
  private long size;
  private long compactNext;
  private Optional<String> broken = Optional.empty();

  private Journal(Path directory, FileChannel lockChannel, AppendFile.Opener opener, long compactAt)
      throws IOException {
    this.directory = directory;
    this.file = directory.resolve("journal.jsonl");
    this.lockChannel = lockChannel;
    this.opener = opener;
    this.compactAt = compactAt;
    this.compactNext = compactAt;
    this.out = opener.open(file);
  }

  /**
   * Opens the journal of a directory and locks it against other processes.
   *
   * @param replayed gets the snapshot's and all later writes in order, after the revision they end
   *     at is known to be sound
   * @return the journal; its last revision by {@link Replay#revision}
   * @throws IOException if another process holds the directory, the journal is damaged, or the disk
   *     fails; in one clear line
   */
  static Replay open(
      Path directory, AppendFile.Opener opener, long compactAt, Consumer<JournalRecord> replayed)
      throws IOException {
    Files.createDirectories(directory);
    FileChannel lockChannel =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      lock(directory, lockChannel);
      Files.deleteIfExists(directory.resolve("journal.new"));
      Journal journal = new Journal(directory, lockChannel, opener, compactAt);
      return new Replay(journal, journal.replay(replayed));
    } catch (IOException e) {
      lockChannel.close();
      throw e;
    }
  }

  /**
   * An opened journal.
   *
   * @param journal where the next writes go
   * @param revision the last write's revision, 0 in a new journal
   */
  record Replay(Journal journal, long revision) {}

  private static void lock(Path directory, FileChannel channel) throws IOException {
    String inUse = directory + ": in use by another process; end it or choose another directory";
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new IOException(inUse);
      }
    } catch (OverlappingFileLockException e) {
      throw new IOException(inUse, e);
    }
  }

  private long replay(Consumer<JournalRecord> replayed) throws IOException {
    Reader reader = new Reader(file, replayed);
    long good = reader.read();
    if (good < Files.size(file)) {
      System.err.println(
          file + ": dropped an unfinished last record of " + (Files.size(file) - good) + " bytes");
      out.truncate(good);
      out.force();
    }
    size = good;
    if (good == 0) {
      write(header(0));
      forceDirectory();
    }
    compactNext = Math.max(compactAt, 2 * reader.snapshotBytes);
    return reader.revision;
  }

  private static byte[] header(long revision) {
    return JournalRecord.line(Json.object().put("format", FORMAT).put("revision", revision));
  }

  /** Reads a journal from its beginning. */
  private static final class Reader {
    private final Path file;
    private final Consumer<JournalRecord> replayed;
    private long revision;
    private long snapshot;
    private long snapshotBytes;
    private boolean beyondSnapshot;

    Reader(Path file, Consumer<JournalRecord> replayed) {
      this.file = file;
      this.replayed = replayed;
    }

    /** Returns the length of the sound part. */
    long read() throws IOException {
      long good = 0;
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
        for (int number = 1; ; number++) {
          ByteArrayOutputStream line = new ByteArrayOutputStream();
          boolean ended = readLine(in, line);
          Optional<JsonNode> document =
              ended ? JournalRecord.document(line.toByteArray()) : Optional.empty();
          if (document.isEmpty()) {
            if (in.read() >= 0 || JournalRecord.runsOn(line.toByteArray())) {
              throw damage(number, good, "the checksum does not fit");
            }
            return good;
          }
          accept(document.get(), number, good);
          good += line.size() + 1L;
          snapshotBytes = beyondSnapshot ? snapshotBytes : good;
        }
      }
    }

    private static boolean readLine(InputStream in, ByteArrayOutputStream line) throws IOException {
      for (int next = in.read(); next >= 0; next = in.read()) {
        if (next == '\n') {
          return true;
        }
        line.write(next);
      }
      return false;
    }

    private void accept(JsonNode document, int number, long offset) throws IOException {
      if (number == 1) {
        if (document.path("format").asInt() != FORMAT) {
          throw damage(1, 0, "expected format " + FORMAT + ", found " + document.path("format"));
        }
        revision = document.path("revision").asLong();
        snapshot = revision;
        return;
      }
      JournalRecord read = JournalRecord.of(document);
      beyondSnapshot |= read.revision() > snapshot;
      if (beyondSnapshot) {
        if (read.revision() != revision + 1) {
          throw damage(
              number, offset, "expected revision " + (revision + 1) + ", found " + read.revision());
        }
        revision = read.revision();
      }
      replayed.accept(read);
    }

    private IOException damage(int number, long offset, String what) {
      return new IOException(
          file + ": damaged at line " + number + " (byte " + offset + "): " + what);
    }
  }

  /** Appends a write; when this returns it is on disk, when it throws the journal is as before. */
  void append(JournalRecord write) throws IOException {
    if (broken.isPresent()) {
      throw new IOException(file + ": no longer writable after: " + broken.get());
    }
    write(write.line());
  }

  private void write(byte[] line) throws IOException {
    try {
      out.append(line);
      out.force();
    } catch (IOException e) {
      undo(e);
      throw e;
    }
    size += line.length;
  }

  private void undo(IOException cause) {
    try {
      out.truncate(size);
    } catch (IOException e) {
      // A part of a line may be left, and a line after it would be taken for damage: nothing more
      // is written.
      broken = Optional.of(String.valueOf(cause.getMessage()));
    }
  }

  boolean wantsCompaction() {
    return size >= compactNext;
  }

  /**
   * Rewrites the journal as a snapshot. On failure the old one stays and goes on to be used.
   *
   * @param revision the last write's revision
   * @param objects all objects there are
   */
  void compact(long revision, Iterator<JournalRecord> objects) throws IOException {
    Path fresh = directory.resolve("journal.new");
    Files.deleteIfExists(fresh);
    AppendFile next = opener.open(fresh);
    long written = 0;
    try {
      byte[] line = header(revision);
      next.append(line);
      written += line.length;
      while (objects.hasNext()) {
        line = objects.next().line();
        next.append(line);
        written += line.length;
      }
      next.force();
      Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      next.close();
      Files.deleteIfExists(fresh);
      compactNext = size + compactAt;
      throw e;
    }
    out.close();
    out = next;
    size = written;
    compactNext = Math.max(compactAt, 2 * written);
    forceDirectory();
  }

  private void forceDirectory() throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      out.close();
    } finally {
      lockChannel.close();
    }
  }
}
