package dev.autoloss.local.server;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** The file under a journal, as far as the journal needs it; tests put one there that fails. */
interface AppendFile extends Closeable {
  /** Opens files; the real one unless a test says otherwise. */
  interface Opener {
    AppendFile open(Path path) throws IOException;
  }

  /** Writes all bytes at the end; on failure any part of them may have been written. */
  void append(byte[] bytes) throws IOException;

  /** Cuts the file. */
  void truncate(long size) throws IOException;

  /** Returns when all that was written would survive a loss of power. */
  void force() throws IOException;

  static AppendFile open(Path path) throws IOException {
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    return new AppendFile() {
      @Override
      public void append(byte[] bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        while (buffer.hasRemaining()) {
          channel.write(buffer);
        }
      }

      @Override
      public void truncate(long size) throws IOException {
        channel.truncate(size);
      }

      @Override
      public void force() throws IOException {
        channel.force(false);
      }

      @Override
      public void close() throws IOException {
        channel.close();
      }
    };
  }
}
