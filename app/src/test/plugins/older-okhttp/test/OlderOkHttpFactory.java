package test;

import io.kubescaler.model.Instance;
import io.kubescaler.model.PoolDescription;
import io.kubescaler.provider.Deletion;
import io.kubescaler.provider.Finding;
import io.kubescaler.provider.NodePoolProvider;
import io.kubescaler.provider.NodePoolProviderFactory;
import io.kubescaler.provider.ProviderContext;
import io.kubescaler.provider.ProviderException;
import io.kubescaler.provider.Setting;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import okhttp3.OkHttp;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** A plug-in that reads its pool over HTTP, with an OkHttp of its own: one machine id a line. */
public final class OlderOkHttpFactory implements NodePoolProviderFactory {
    @Override
    public String name() {
        return "older-okhttp";
    }

    @Override
    public String description() {
        return "brings OkHttp " + OkHttp.VERSION;
    }

    @Override
    public List<Setting> settings() {
        return List.of(Setting.required("url", "Where the pool is read."));
    }

    @Override
    public List<Problem> validate(ProviderContext context) {
        return List.of();
    }

    @Override
    public NodePoolProvider create(ProviderContext context) {
        return new Provider(context.setting("url"), context);
    }

    private static final class Provider implements NodePoolProvider {
        private final OkHttpClient client = new OkHttpClient();
        private final String url;
        private final ProviderContext context;

        Provider(String url, ProviderContext context) {
            this.url = url;
            this.context = context;
        }

        @Override
        public PoolDescription describe() throws ProviderException {
            Request request = new Request.Builder().url(url).build();
            try (Response response = client.newCall(request).execute()) {
                List<Instance> machines = response.body().string().lines().map(this::machine).toList();
                return new PoolDescription(
                        machines.size(), machines, Optional.empty(), Optional.empty(), OptionalInt.empty());
            } catch (IOException failed) {
                throw new ProviderException.Transient(url + " does not answer", failed);
            }
        }

        private Instance machine(String id) {
            return new Instance(
                    id,
                    Optional.empty(),
                    Optional.of(id),
                    Instance.State.RUNNING,
                    "",
                    context.clock().instant());
        }

        @Override
        public void grow(int size) throws ProviderException {
            throw new ProviderException.QuotaExceeded("this pool never grows");
        }

        @Override
        public List<Deletion> delete(List<String> ids) {
            return Stream.of(ids.toArray(String[]::new)).map(Deletion::done).toList();
        }

        @Override
        public List<Finding> preflight(int maximum) {
            return List.of();
        }

        @Override
        public void close() {
            client.dispatcher().executorService().shutdown();
            client.connectionPool().evictAll();
        }
    }
}
