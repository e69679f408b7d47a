// voices.ts - the pages of what comes up from the sites, as sides of one another.

import { computed } from 'vue';
import { useI18n } from 'vue-i18n';

export function useSignalTabs() {
  const { t } = useI18n();
  return computed(() => [
    { value: 'signals' as const, text: t('signal.all'), to: { name: 'signals' } },
    { value: 'hazards' as const, text: t('hazard.title'), to: { name: 'hazards' } },
    { value: 'sealed' as const, text: t('seal.title'), to: { name: 'sealed' } },
  ]);
}
