"""Addresses with single sign-on switched on."""

from kaishu.backend import urls
from kaishu.cases import single_sign_on

handler403, handler404, handler500 = urls.handler403, urls.handler404, urls.handler500
urlpatterns = [*urls.urlpatterns, *single_sign_on.urlpatterns]
