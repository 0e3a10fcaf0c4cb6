// Command nodekit holds the small static programs of a node, one subcommand each:
//
//	pause                          waits for a signal: the sandbox container
//	forward TARGET LISTEN...       copies connections; an address is HOST:PORT or a socket's path
//	connect SOCKET                 HTTP CONNECT proxy on a unix socket: the API server's way into the node's network
//	gpus N [RESOURCE]              device plugin that offers N pretend GPUs (default nvidia.com/gpu)
//	image NAME OUT ENTRY PATH...   OCI image tar; PATH is SRC or SRC=DEST (a folder is copied whole)
//	work [-sleep D] [-message M] [-exit N] [-get URL]   a test workload
package main

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	dp "k8s.io/kubelet/pkg/apis/deviceplugin/v1beta1"
)

func main() {
	command, args := "pause", os.Args[1:]
	if len(args) > 0 {
		command, args = args[0], args[1:]
	}
	run, known := map[string]func([]string) error{
		"pause": pause, "forward": forward, "connect": connect, "gpus": gpus, "image": image, "work": work,
	}[command]
	if !known {
		log.Fatalf("nodekit: unknown command %q", command)
	}
	if err := run(args); err != nil {
		log.Fatalf("nodekit %s: %v", command, err)
	}
}

func pause([]string) error {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGINT, syscall.SIGTERM, syscall.SIGCHLD)
	for s := range c {
		if s != syscall.SIGCHLD {
			return nil
		}
		for { // reap orphans when the pod shares its process namespace
			if pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); err != nil || pid <= 0 {
				break
			}
		}
	}
	return nil
}

func network(address string) string {
	if strings.HasPrefix(address, "/") {
		return "unix"
	}
	return "tcp"
}

func listen(address string) (net.Listener, error) {
	if network(address) == "unix" {
		_ = os.Remove(address)
	}
	return net.Listen(network(address), address)
}

func serve(address string, handle func(net.Conn)) error {
	l, err := listen(address)
	if err != nil {
		return err
	}
	for {
		c, err := l.Accept()
		if err != nil {
			return err
		}
		go handle(c)
	}
}

type halfCloser interface{ CloseWrite() error }

func splice(a net.Conn, fromA io.Reader, b net.Conn) {
	done := make(chan struct{})
	go func() {
		_, _ = io.Copy(b, fromA)
		_ = b.(halfCloser).CloseWrite()
		close(done)
	}()
	_, _ = io.Copy(a, b)
	_ = a.(halfCloser).CloseWrite()
	<-done
	_, _ = a.Close(), b.Close()
}

func forward(args []string) error {
	target, failed := args[0], make(chan error)
	for _, address := range args[1:] {
		go func() {
			failed <- serve(address, func(c net.Conn) {
				t, err := net.Dial(network(target), target)
				if err != nil {
					log.Print(err)
					_ = c.Close()
					return
				}
				splice(c, c, t)
			})
		}()
	}
	return <-failed
}

func connect(args []string) error {
	return serve(args[0], func(c net.Conn) {
		in := bufio.NewReader(c)
		request, err := http.ReadRequest(in)
		if err != nil || request.Method != http.MethodConnect {
			_, _ = io.WriteString(c, "HTTP/1.1 405 Method Not Allowed\r\n\r\n")
			_ = c.Close()
			return
		}
		t, err := net.DialTimeout("tcp", request.Host, 5*time.Second)
		if err != nil {
			_, _ = fmt.Fprintf(c, "HTTP/1.1 502 Bad Gateway\r\nX-Error: %q\r\n\r\n", err.Error())
			_ = c.Close()
			return
		}
		_, _ = io.WriteString(c, "HTTP/1.1 200 OK\r\n\r\n")
		splice(c, in, t)
	})
}

type plugin struct {
	dp.UnimplementedDevicePluginServer
	n int
}

func (p *plugin) GetDevicePluginOptions(context.Context, *dp.Empty) (*dp.DevicePluginOptions, error) {
	return &dp.DevicePluginOptions{}, nil
}

func (p *plugin) ListAndWatch(_ *dp.Empty, s dp.DevicePlugin_ListAndWatchServer) error {
	var r dp.ListAndWatchResponse
	for i := range p.n {
		r.Devices = append(r.Devices, &dp.Device{ID: fmt.Sprintf("GPU-%d", i), Health: dp.Healthy})
	}
	if err := s.Send(&r); err != nil {
		return err
	}
	<-s.Context().Done()
	return nil
}

func (p *plugin) Allocate(_ context.Context, r *dp.AllocateRequest) (*dp.AllocateResponse, error) {
	var out dp.AllocateResponse
	for _, c := range r.ContainerRequests {
		out.ContainerResponses = append(out.ContainerResponses, &dp.ContainerAllocateResponse{
			Envs: map[string]string{"NVIDIA_VISIBLE_DEVICES": strings.Join(c.DevicesIds, ",")},
		})
	}
	return &out, nil
}

func gpus(args []string) error {
	n, err := strconv.Atoi(args[0])
	if err != nil {
		return err
	}
	resource := "nvidia.com/gpu"
	if len(args) > 1 {
		resource = args[1]
	}
	for first := true; ; first = false { // the kubelet forgets its plugins when it restarts: register again whenever its socket changes
		before, err := os.Stat(dp.KubeletSocket)
		if err != nil {
			time.Sleep(200 * time.Millisecond)
			continue
		}
		socket := "autoloss-gpu.sock"
		l, err := listen(dp.DevicePluginPath + socket)
		if err != nil {
			return err
		}
		s := grpc.NewServer()
		dp.RegisterDevicePluginServer(s, &plugin{n: n})
		go func() { _ = s.Serve(l) }()
		c, err := grpc.NewClient("unix://"+dp.KubeletSocket, grpc.WithTransportCredentials(insecure.NewCredentials()))
		if err != nil {
			return err
		}
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		_, err = dp.NewRegistrationClient(c).Register(ctx, &dp.RegisterRequest{Version: dp.Version, Endpoint: socket, ResourceName: resource})
		cancel()
		_ = c.Close()
		if err == nil {
			log.Printf("registered %d %s (first=%t)", n, resource, first)
			for {
				time.Sleep(time.Second)
				if now, err := os.Stat(dp.KubeletSocket); err != nil || !os.SameFile(before, now) {
					break
				}
			}
		} else {
			log.Print(err)
			time.Sleep(200 * time.Millisecond)
		}
		s.Stop()
	}
}

func image(args []string) error {
	name, out, entry := args[0], args[1], args[2]
	var layer bytes.Buffer
	t := tar.NewWriter(&layer)
	add := func(path, as string) error {
		info, err := os.Lstat(path)
		if err != nil {
			return err
		}
		var link string
		if info.Mode()&fs.ModeSymlink != 0 {
			if link, err = os.Readlink(path); err != nil {
				return err
			}
		}
		h, err := tar.FileInfoHeader(info, link)
		if err != nil {
			return err
		}
		h.Name, h.Uid, h.Gid, h.Uname, h.Gname, h.ModTime = strings.TrimPrefix(as, "/"), 0, 0, "", "", time.Unix(0, 0)
		if err := t.WriteHeader(h); err != nil || !info.Mode().IsRegular() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = io.Copy(t, f)
		return err
	}
	for _, d := range []string{"tmp", "etc", "proc", "sys", "dev"} {
		if err := t.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: d + "/", Mode: map[bool]int64{true: 0o1777, false: 0o755}[d == "tmp"]}); err != nil {
			return err
		}
	}
	for _, p := range args[3:] {
		source, dest, ok := strings.Cut(p, "=")
		if !ok {
			dest = "/" + filepath.Base(source)
		}
		err := filepath.WalkDir(source, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(source, path)
			if err != nil {
				return err
			}
			if as := filepath.Join(dest, rel); as != "/" {
				return add(path, as)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	if err := t.Close(); err != nil {
		return err
	}
	type object = map[string]any
	digest := func(b []byte) string { return fmt.Sprintf("sha256:%x", sha256.Sum256(b)) }
	encode := func(v any) []byte { b, _ := json.Marshal(v); return b }
	const media = "application/vnd.oci.image."
	config := encode(object{"architecture": "amd64", "os": "linux",
		"config": object{"Entrypoint": strings.Fields(entry), "Env": []string{"PATH=/bin:/usr/bin"}},
		"rootfs": object{"type": "layers", "diff_ids": []string{digest(layer.Bytes())}}})
	manifest := encode(object{"schemaVersion": 2, "mediaType": media + "manifest.v1+json",
		"config": object{"mediaType": media + "config.v1+json", "digest": digest(config), "size": len(config)},
		"layers": []object{{"mediaType": media + "layer.v1.tar", "digest": digest(layer.Bytes()), "size": layer.Len()}}})
	index := encode(object{"schemaVersion": 2, "manifests": []object{{"mediaType": media + "manifest.v1+json",
		"digest": digest(manifest), "size": len(manifest), "platform": object{"architecture": "amd64", "os": "linux"},
		"annotations": object{"io.containerd.image.name": name}}}})
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	defer f.Close()
	w := tar.NewWriter(f)
	for _, b := range []struct {
		name string
		data []byte
	}{
		{"oci-layout", []byte(`{"imageLayoutVersion":"1.0.0"}`)}, {"index.json", index},
		{"blobs/sha256/" + digest(config)[7:], config}, {"blobs/sha256/" + digest(manifest)[7:], manifest},
		{"blobs/sha256/" + digest(layer.Bytes())[7:], layer.Bytes()},
	} {
		if err := w.WriteHeader(&tar.Header{Name: b.name, Mode: 0o644, Size: int64(len(b.data))}); err != nil {
			return err
		}
		if _, err := w.Write(b.data); err != nil {
			return err
		}
	}
	return w.Close()
}

// work does what a training pod does towards Kubernetes: prints, optionally calls the API, leaves a termination message.
func work(args []string) error {
	f := flag.NewFlagSet("work", flag.ExitOnError)
	sleep := f.Duration("sleep", 0, "how long to run")
	message := f.String("message", "", "termination message")
	exit := f.Int("exit", 0, "exit status")
	get := f.String("get", "", "path on the API server to read with the pod's service account")
	_ = f.Parse(args)
	fmt.Printf("gpus=%s host=%s args=%v\n", os.Getenv("NVIDIA_VISIBLE_DEVICES"), os.Getenv("HOSTNAME"), args)
	if *get != "" {
		token, err := os.ReadFile("/var/run/secrets/kubernetes.io/serviceaccount/token")
		if err != nil {
			return err
		}
		r, _ := http.NewRequest(http.MethodGet, "https://"+net.JoinHostPort(os.Getenv("KUBERNETES_SERVICE_HOST"), os.Getenv("KUBERNETES_SERVICE_PORT"))+*get, nil)
		r.Header.Set("Authorization", "Bearer "+string(token))
		ca, err := os.ReadFile("/var/run/secrets/kubernetes.io/serviceaccount/ca.crt")
		if err != nil {
			return err
		}
		roots := x509.NewCertPool()
		roots.AppendCertsFromPEM(ca)
		c := http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots}}, Timeout: 5 * time.Second}
		response, err := c.Do(r)
		if err != nil {
			return err
		}
		body, _ := io.ReadAll(io.LimitReader(response.Body, 200))
		fmt.Printf("%s %s\n", response.Status, body)
	}
	time.Sleep(*sleep)
	if *message != "" {
		if err := os.WriteFile("/dev/termination-log", []byte(*message), 0o644); err != nil {
			return err
		}
	}
	os.Exit(*exit)
	return nil
}
