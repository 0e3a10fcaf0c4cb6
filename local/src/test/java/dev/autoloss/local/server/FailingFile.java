package dev.autoloss.local.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** A file on a disk that is full when a test says so. */
final class FailingFile implements AppendFile {
  enum Fault {
    NONE,
    WRITE,
    HALF,
    FORCE,
    HALF_AND_NO_CUT
  }

  /** What a test turns. */
  static final class Switch {
    volatile Fault fault = Fault.NONE;
    volatile boolean failNew;
  }

  private final AppendFile file;
  private final Switch disk;
  private final boolean isNew;

  FailingFile(Path path, Switch disk) throws IOException {
    this.file = AppendFile.open(path);
    this.disk = disk;
    this.isNew = path.endsWith("journal.new");
  }

  private static IOException full() {
    return new IOException("No space left on device");
  }

  @Override
  public void append(byte[] bytes) throws IOException {
    if (disk.fault == Fault.WRITE || (isNew && disk.failNew)) {
      throw full();
    }
    if (disk.fault == Fault.HALF || disk.fault == Fault.HALF_AND_NO_CUT) {
      file.append(Arrays.copyOf(bytes, bytes.length / 2));
      throw full();
    }
    file.append(bytes);
  }

  @Override
  public void truncate(long size) throws IOException {
    if (disk.fault == Fault.HALF_AND_NO_CUT) {
      throw full();
    }
    file.truncate(size);
  }

  @Override
  public void force() throws IOException {
    if (disk.fault == Fault.FORCE) {
      throw full();
    }
    file.force();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
